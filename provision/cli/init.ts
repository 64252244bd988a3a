import { relative, resolve } from 'node:path';
import { UserError } from '../../common/problems.ts';
import { localEnvironment } from '../init/local.ts';
import { writeEnvironment } from '../init/write.ts';
import type { ExitCode, Input, Shell } from './command.ts';

/** `lookout init <directory>`: a first environment for this machine. */
export async function run({ args }: Input, shell: Shell): Promise<ExitCode> {
  const { directory } = args;
  if (directory === undefined) throw new UserError('name the folder of the new environment: lookout init <directory>');
  const folder = resolve(shell.cwd, directory);
  writeEnvironment(folder, localEnvironment(Intl.DateTimeFormat().resolvedOptions().timeZone));
  const path = shown(folder, shell.cwd);
  shell.print(`${path}: a first environment for this machine. Now:`);
  shell.print(`  write into ${path}/environment.yaml what is to be watched`);
  shell.print(`  lookout env check ${path}`);
  shell.print(`  lookout up ${path}`);
  return 0;
}

function shown(folder: string, cwd: string): string {
  const below = relative(cwd, folder);
  return below === '' || below.startsWith('..') ? folder : `./${below}`;
}
