import type { SecretEntry, SecretPlan } from '../../../k8s/types.ts';
import type { SecretName } from '../../../stack/types.ts';
import { webConfig } from '../../credentials/web.ts';
import { type Data, nextKey, previousKey, type Rotating } from './stored.ts';

/** The values that planned Secrets are made of. */
export type Values = ReadonlyMap<SecretName, Rotating>;

/**
 * The entries of a planned Secret whose values are given.
 * @param before what the Secret holds now: a hash that still fits is kept, so that nothing changes without a cause.
 */
export async function renderEntries({ entries }: SecretPlan, values: Values, before: Data): Promise<Data> {
  const rendered = Object.entries(entries).map(async ([key, entry]): Promise<[string, string][]> => {
    const value = values.get(entry.secret);
    return value === undefined ? [] : [[key, await renderEntry(entry, value, before[key])]];
  });
  return Object.fromEntries((await Promise.all(rendered)).flat());
}

async function renderEntry(entry: SecretEntry, value: Rotating, before: string | undefined): Promise<string> {
  switch (entry.kind) {
    case 'value':
      return value.current;
    case 'tokens':
      return tokens(value).join('\n');
    case 'web':
      return webConfig(entry.user, value.current, before);
    case 'reload':
      return reloadArgument(entry.user, value.current, entry.address);
  }
}

/** The one that goes stands first, in every step of a rotation: who counts their uses knows which is which. */
function tokens({ current, next, previous }: Rotating): readonly string[] {
  return [previous, current, next].filter((token) => token !== undefined);
}

function reloadArgument(user: string, password: string, address: string): string {
  return `--reload-url=http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${address}/-/reload`;
}

/** A value that Lookout has made up, as it is kept: our Secret is its only place. */
export function kept(name: SecretName, { current, next, previous }: Rotating): Data {
  return {
    [name]: current,
    ...(next === undefined ? {} : { [nextKey(name)]: next }),
    ...(previous === undefined ? {} : { [previousKey(name)]: previous }),
  };
}

/** The names of the secrets that a plan is made of. */
export function namesIn({ entries }: SecretPlan): ReadonlySet<SecretName> {
  return new Set(Object.values(entries).map(({ secret }) => secret));
}
