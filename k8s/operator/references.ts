import type { Stack } from '../../stack/types.ts';
import { credentialsSecret, foreignKey, valueAt } from '../credentials.ts';

/** A key of a Secret of the same namespace, as objects for operators name it. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

/** Where the value lies that an output names by `credentialPath`: in the user's own Secret, or in the one that Lookout fills. */
export function secretKey(path: string, stack: Stack): SecretKey {
  const secret = path.replace(/^credentials\//, '');
  const foreign = foreignKey(valueAt(path, secret).entry, stack);
  return foreign === undefined ? { name: credentialsSecret, key: secret } : { name: foreign.secret, key: foreign.key };
}

/** `host:port` as a program in another namespace reaches it: a name without a dot is a Service of ours. */
export function qualified(address: string, namespace: string): string {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
  return host.includes('.') || host.includes(':') ? address : `${host}.${namespace}.svc:${port}`;
}
