import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../../common/files.ts';
import type { OutputFile, Stack } from '../../../stack/types.ts';
import { writeOutputs } from '../../build/write.ts';
import { materialise, writePrivate } from '../../credentials/materialise.ts';
import type { SecretValues } from '../../credentials/values.ts';
import { webConfig } from '../../credentials/web.ts';
import type { LocalPaths } from '../paths.ts';

/**
 * Makes the state directory hold what the parts are started with: their configuration, beside each its credentials, and the
 * hashed password of Prometheus and Alertmanager. What is already right is not touched.
 */
export async function configure(
  stack: Stack,
  paths: LocalPaths,
  files: readonly OutputFile[],
  values: SecretValues,
): Promise<void> {
  const config = join(paths.state, 'config');
  claimDirectory(config, stack.name);
  writeOutputs(config, stack.name, files);
  materialise(config, files, values);
  await Promise.all([
    writeWebConfig(paths.config('prometheus'), stack.prometheus, values),
    writeWebConfig(paths.config('alertmanager'), stack.alertmanager, values),
  ]);
  for (const part of ['prometheus', 'alertmanager']) makePrivate(paths.data(part));
}

/** A directory for the owner alone, also when it was made by someone with another umask. */
export function makePrivate(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
}

/** Marks the directory as ours before anything is in it: a start that is cut short does not lock out the next one. */
function claimDirectory(config: string, stack: string): void {
  const manifest = join(config, 'manifest.json');
  if (!existsSync(manifest)) writeFileAtomic(manifest, JSON.stringify({ stack, files: {} }));
}

async function writeWebConfig(
  directory: string,
  { user, password }: { readonly user: string; readonly password: string },
  values: SecretValues,
): Promise<void> {
  const path = join(directory, 'web.yml');
  const value = values.get(password);
  if (value === undefined) throw new Error(`no value for the secret ${password}`);
  const current = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  writePrivate(path, await webConfig(user, value, current));
}
