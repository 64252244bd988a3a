import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where one local stack keeps everything; all below one state directory, nothing in the checkout. */
export interface LocalPaths {
  readonly state: string;
  /** One 0600 file per secret. */
  readonly credentials: string;
  /** Identity of the running supervisor and its parts. */
  readonly run: string;
  readonly config: (part: string) => string;
  readonly data: (part: string) => string;
  readonly log: (part: string) => string;
  /** The demonstration's own world: the only place that an incident may change. */
  readonly demo: string;
}

export function localPaths(state: string): LocalPaths {
  return {
    state,
    credentials: join(state, 'credentials'),
    run: join(state, 'run'),
    config: (part) => join(state, 'config', part),
    data: (part) => join(state, 'data', part),
    log: (part) => join(state, 'logs', `${part}.log`),
    demo: join(state, 'demo'),
  };
}

/** `$XDG_STATE_HOME/lookout/<stack>`, by default below `~/.local/state`. Source: XDG Base Directory Specification 0.8. */
export function stateDirectory(stack: string, env: Readonly<Record<string, string | undefined>>): string {
  const base = env['XDG_STATE_HOME'];
  return join(base?.startsWith('/') ? base : join(env['HOME'] ?? homedir(), '.local', 'state'), 'lookout', stack);
}
