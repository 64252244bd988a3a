import { basename, resolve } from 'node:path';
import { UserError } from '../../common/problems.ts';
import type { Addresses } from '../../stack/defaults.ts';
import type { LoadedStack } from '../../stack/load.ts';
import { findEnvironment, openEnvironment } from '../../stack/open.ts';
import { requireKnownAlerts } from '../build/build.ts';
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

export function readSelection({ args, options }: Input, { cwd }: Shell): Selection {
  const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
  const state = text('state');
  return {
    environment: text('env') ?? args['environment'] ?? 'local',
    envFile: text('envFile'),
    instance: text('instance'),
    state: state === undefined ? undefined : resolve(cwd, state),
  };
}

/**
 * The one stack of platform local that is selected, its parts at `addresses`.
 * @throws ProblemsError with every mistake in the environment; UserError when it is for another platform.
 */
export function openLocal(selection: Selection, shell: Shell, addresses?: Partial<Addresses>): LoadedStack {
  const { environment: name, envFile, instance, state } = selection;
  const { stacks } = openEnvironment({
    name,
    root: shell.root,
    cwd: shell.cwd,
    env: shell.env,
    envFile,
    instance,
    addresses,
    state: (stack) => state ?? stateDirectory(stack, shell.env),
  });
  const [first, ...others] = stacks;
  if (first === undefined) throw new UserError(`${name} declares no instance`);
  if (first.stack.platform !== 'local')
    throw new UserError(`${name} is an environment for platform ${first.stack.platform}; this command is for platform local`);
  if (others.length > 0)
    throw new UserError(`${name} has ${stacks.length} instances: choose one with --instance ${stacks.map(({ stack }) => stack.instance).join('|')}`);
  requireKnownAlerts(stacks);
  return first;
}

/** Where a stack keeps its state, without reading its environment: it may run while that is being edited. */
export function statePaths({ environment, instance, state }: Selection, { root, cwd, env }: Shell): LocalPaths {
  if (state !== undefined) return localPaths(state);
  const name = basename(findEnvironment(environment, { root, cwd }));
  return localPaths(stateDirectory(instance === undefined ? name : `${name}-${instance}`, env));
}
