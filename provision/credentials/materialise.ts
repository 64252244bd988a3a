import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../common/files.ts';
import { secretsIn } from '../../k8s/credentials.ts';
import type { OutputFile, SecretName } from '../../stack/types.ts';
import type { SecretValues } from './values.ts';

/** Which secrets each component's files refer to, by its folder, the first part of their paths. */
export function referredSecrets(files: readonly OutputFile[]): ReadonlyMap<string, ReadonlySet<SecretName>> {
  const components = Map.groupBy(files, ({ path }) => path.split('/')[0] ?? '');
  return new Map([...components].map(([component, own]) => [component, new Set(secretsIn(own))]));
}

/**
 * Puts beside each component's configuration exactly the secrets that it refers to, as `credentials/<name>` (0600), and
 * removes those that it no longer does. A file that is already right is not touched.
 */
export function materialise(directory: string, files: readonly OutputFile[], values: SecretValues): void {
  const referred = referredSecrets(files);
  for (const entry of existsSync(directory) ? readdirSync(directory, { withFileTypes: true }) : [])
    if (entry.isDirectory() && !referred.has(entry.name))
      rmSync(join(directory, entry.name, 'credentials'), { recursive: true, force: true });
  for (const [component, names] of referred) {
    const folder = join(directory, component, 'credentials');
    for (const stale of existsSync(folder) ? readdirSync(folder) : [])
      if (!names.has(stale)) rmSync(join(folder, stale));
    for (const name of names) {
      const value = values.get(name);
      if (value === undefined)
        throw new Error(`${component} refers to the secret ${name}, which the stack does not declare`);
      writePrivate(join(folder, name), value);
    }
  }
}

/** Writes a 0600 file unless it is there already. */
export function writePrivate(path: string, content: string): void {
  if (!existsSync(path) || readFileSync(path, 'utf8') !== content) writeFileAtomic(path, content, 0o600);
  else if ((statSync(path).mode & 0o777) !== 0o600) chmodSync(path, 0o600);
}
