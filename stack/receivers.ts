import { type Addresses, defaults } from './defaults.ts';
import { inboxTakes } from './inbox.ts';
import type { Declared } from './schema/environment.ts';
import { secretNames } from './secrets.ts';
import type { EmailReceiver, SlackReceiver } from './types.ts';

export function resolveEmail(declared: Declared, addresses: Addresses): EmailReceiver | null {
  const email = declared.alertmanager?.email;
  const inbox = inboxTakes(declared).email;
  if (email === undefined && !inbox) return null;
  return {
    smarthost: email?.smarthost ?? addresses.inboxSmtp,
    from: email?.from ?? defaults.inbox.from,
    to: email?.to ?? defaults.inbox.to,
    user: email?.user ?? null,
    password: email?.password === undefined ? null : secretNames.smtp,
    tls: email?.tls ?? !inbox,
  };
}

export function resolveSlack(declared: Declared): SlackReceiver | null {
  const slack = declared.alertmanager?.slack;
  if (slack === undefined && !inboxTakes(declared).slack) return null;
  return { webhook: secretNames.slack, channel: slack?.channel ?? defaults.inbox.channel };
}
