import type { OpenOptions } from '../../stack/open.ts';
import { stateDirectory } from '../local/paths.ts';
import { type OpenedEnvironment, openWhole } from '../own/open.ts';
import type { Input, Shell } from './command.ts';

/**
 * Loads the environment that a command line names, with the dashboards and rules in its folder.
 * @throws UserError, ProblemsError: see `openWhole`.
 */
export function openFrom(
  input: Input,
  shell: Shell,
  more: Pick<OpenOptions, 'addresses'> = {},
): Promise<OpenedEnvironment> {
  const { instance, envFile } = input.options;
  return openWhole({
    ...more,
    name: input.args['environment'] ?? '',
    root: shell.root,
    cwd: shell.cwd,
    env: shell.env,
    instance: typeof instance === 'string' ? instance : undefined,
    envFile: typeof envFile === 'string' ? envFile : undefined,
    state: (stack) => stateDirectory(stack, shell.env),
  });
}
