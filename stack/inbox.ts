import type { Addresses } from './defaults.ts';
import type { Declared } from './schema/environment.ts';
import type { LocalSettings } from './types.ts';

/**
 * Which messages the inbox of the local platform takes: those of a receiver that is declared without a server of its own,
 * and all when no receiver is declared.
 */
export function inboxTakes({ platform, alertmanager }: Declared): { readonly email: boolean; readonly slack: boolean } {
  if (platform !== 'local') return { email: false, slack: false };
  const { email, slack } = alertmanager ?? {};
  const none = email === undefined && slack === undefined;
  return {
    email: none || (email !== undefined && email.smarthost === undefined),
    slack: none || (slack !== undefined && slack.webhook === undefined),
  };
}

export function localSettings(
  declared: Declared,
  { addresses, state }: { readonly addresses: Addresses; readonly state: string },
): LocalSettings | null {
  if (declared.platform !== 'local') return null;
  const { email, slack } = inboxTakes(declared);
  return {
    startPage: addresses.startPage,
    inbox: email || slack ? { smtp: addresses.inboxSmtp, http: addresses.inboxHttp } : null,
    demonstration: declared.local?.demonstration ?? false,
    state,
  };
}
