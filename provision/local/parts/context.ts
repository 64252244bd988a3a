import type { Stack } from '../../../stack/types.ts';
import type { LocalPaths } from '../paths.ts';
import type { PartClients } from '../types.ts';

/** What the parts of a stack are described from. */
export interface PartContext {
  readonly stack: Stack;
  readonly paths: LocalPaths;
  /** Root of the checkout or installation. */
  readonly root: string;
  readonly programs: Programs;
  readonly clients: PartClients;
}

/** Absolute paths of the programs that run as parts. */
export interface Programs {
  readonly node: string;
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** Ports on loopback that only the supervisor asks. */
export interface HealthPorts {
  readonly app: number;
  readonly jobs: number;
}
