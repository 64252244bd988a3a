import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../common/problems.ts';
import type { Own } from '../../dashboards/types.ts';
import type { Stack } from '../../stack/types.ts';
import type { SecretValues, Vault } from '../credentials/values.ts';
import { openLocal, type Surroundings } from './environment.ts';
import { type LocalPaths, localPaths } from './paths.ts';
import { runFiles } from './run-files.ts';
import { localValues } from './secrets.ts';
import type { Selection } from './selection.ts';
import { type Holder, livingHolder } from './supervisor/lock.ts';

/** A local stack that is up, resolved from its environment as it is now, at the addresses where it really listens. */
export interface Running {
  readonly stack: Stack;
  readonly own: Own;
  readonly paths: LocalPaths;
  readonly vault: Vault;
  readonly values: SecretValues;
  readonly holder: Holder;
}

/** @throws UserError when the stack is not up; ProblemsError when its environment has mistakes by now. */
export async function openRunning(selection: Selection, surroundings: Surroundings): Promise<Running> {
  const { stack: declared } = await openLocal(selection, surroundings);
  const paths = localPaths(declared.local?.state ?? '');
  const holder = livingHolder(runFiles(paths).lock);
  if (holder === null) throw new UserError(`${declared.name} is not up; start it: lookout up ${selection.environment}`);
  const { stack, own } = await openLocal(selection, surroundings, readAddresses(join(paths.run, 'ports.json')));
  const vault = { directory: paths.credentials, env: surroundings.env };
  return { stack, own, paths, vault, values: localValues(stack, vault), holder };
}

function readAddresses(file: string): Readonly<Record<string, string>> {
  const ports = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, `127.0.0.1:${port}`]));
}
