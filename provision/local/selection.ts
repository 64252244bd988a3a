import { basename, resolve } from 'node:path';
import type { Input, Shell } from '../cli/command.ts';
import { type LocalPaths, localPaths, stateDirectory } from './paths.ts';

/** Which environment a command is about, as its options say it. */
export interface Selection {
  /** A name below `environments/` or a path. */
  readonly environment: string;
  readonly envFile: string | undefined;
  readonly instance: string | undefined;
  /** Absolute path; undefined: the one of the stack below the user's state directory. */
  readonly state: string | undefined;
}

export function readSelection({ args, options }: Input, { cwd }: Pick<Shell, 'cwd'>): Selection {
  const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
  const state = text('state');
  return {
    environment: text('env') ?? args['environment'] ?? 'local',
    envFile: text('envFile'),
    instance: text('instance'),
    state: state === undefined ? undefined : resolve(cwd, state),
  };
}

/** Where the selected stack keeps its state. Its environment is not read: it may be under someone's hands while it runs. */
export function statePaths(
  { environment, instance, state }: Selection,
  { cwd, env }: Pick<Shell, 'cwd' | 'env'>,
): LocalPaths {
  if (state !== undefined) return localPaths(state);
  const folder = basename(resolve(cwd, environment.replace(/\/?environment\.yaml$/, '')));
  return localPaths(stateDirectory(instance === undefined ? folder : `${folder}-${instance}`, env));
}
