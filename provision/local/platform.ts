import type { Stack } from '../../stack/types.ts';
import type { LocalPaths } from './paths.ts';
import type { Supervisor } from './supervisor/supervisor.ts';
import type { Incidents, PartClients } from './types.ts';

/** A local stack that is up: what its pages and commands work with. */
export interface Platform {
  readonly stack: Stack;
  readonly paths: LocalPaths;
  readonly clients: PartClients;
  readonly supervisor: Supervisor;
  /** null without the demonstration. */
  readonly incidents: Incidents | null;
  /** What a person should know about this start. */
  readonly notes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly now: () => number;
  /** Who makes a silence unless told otherwise. */
  readonly user: string;
}
