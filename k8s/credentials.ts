import type { OutputFile, SecretName, Stack } from '../stack/types.ts';
import type { SecretEntry, SecretPlan } from './types.ts';

/** The Secret with everything that Lookout itself keeps; each pod mounts the keys that it needs. */
export const credentialsSecret = 'lookout-credentials';

/** A key of a Secret as a file of a pod's configuration directory. */
export interface MountedSecret {
  /** Path below the configuration directory. */
  readonly path: string;
  readonly key: string;
  readonly entry: SecretEntry;
}

/** The secrets that outputs refer to by `credentialPath`, sorted. */
export function secretsIn(files: readonly OutputFile[]): readonly SecretName[] {
  const names = files.flatMap(({ content }) =>
    [...content.matchAll(/\bcredentials\/([a-z0-9-]+)/g)].map(([, name = '']) => name),
  );
  return [...new Set(names)].sort();
}

/** The values that outputs refer to, where they expect them. */
export function valuesFor(files: readonly OutputFile[]): readonly MountedSecret[] {
  return secretsIn(files).map((secret) => valueAt(`credentials/${secret}`, secret));
}

export function valueAt(path: string, secret: SecretName): MountedSecret {
  return { path, key: secret, entry: { kind: 'value', secret } };
}

/**
 * The Secrets that `provision/` fills. A value that lies in a Secret of the user's own is mounted from there and not copied;
 * only what is made of it (a hash, an argument, a list of tokens) is ours.
 */
export function secretPlans(mounted: readonly MountedSecret[], stack: Stack, namespace: string): readonly SecretPlan[] {
  const ours = mounted.filter(({ entry }) => foreignKey(entry, stack) === undefined);
  const entries = new Map(ours.map(({ key, entry }) => [key, entry]));
  if (entries.size === 0) return [];
  const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
  return [{ name: credentialsSecret, namespace, entries: Object.fromEntries(sorted) }];
}

/** The key of the user's own Secret that holds this very value; undefined when it is one of ours. */
export function foreignKey(entry: SecretEntry, { secrets }: Stack): { secret: string; key: string } | undefined {
  const reference = secrets[entry.secret];
  if (reference === undefined) throw new Error(`an output refers to the secret ${entry.secret}, which no one declares`);
  if (entry.kind !== 'value' || reference.kind !== 'kubernetes') return undefined;
  return { secret: reference.secret, key: reference.key };
}

/** A key of a Secret of the same namespace, as other objects name it. */
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
