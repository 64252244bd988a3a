import type { LoadedEnvironment } from '../../stack/load.ts';
import { type OpenOptions, openEnvironment } from '../../stack/open.ts';
import { stateDirectory } from '../local/paths.ts';
import type { Input, Shell } from './command.ts';

/**
 * Loads the environment that a command line names.
 * @throws UserError, ProblemsError: see `openEnvironment`.
 */
export function openFrom(input: Input, shell: Shell, more: Pick<OpenOptions, 'addresses'> = {}): LoadedEnvironment {
  const { instance, envFile } = input.options;
  return openEnvironment({
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
