import type { Incident, IncidentContext } from '../../provision/local/types.ts';
import type { DemoPaths } from '../paths.ts';
import type { Operation } from './operations/types.ts';

export type Stack = IncidentContext['stack'];

/** What an incident is planned from. */
export interface World {
  readonly stack: Stack;
  readonly paths: DemoPaths;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What an incident is, without its estimate: that depends on the stack's intervals. */
export interface IncidentDefinition extends Omit<Incident, 'seconds'> {
  /** The label and its value by which the alert names what is wrong; undefined: this stack does not have it. */
  readonly target: (world: Omit<World, 'now'>) => Target | undefined;
  /** The changes of the world, in their order; they are undone in the reverse one. */
  readonly operations: (world: World) => readonly Operation[];
  /** Where the change is first measured. */
  readonly sight: (world: World) => Sight;
  readonly estimate: (world: World) => Estimate;
}

export interface Target {
  readonly label: string;
  readonly name: string;
}

/** How one tells that a change has been measured: a sample of the exporter, or a query that gives anything at all. */
export type Sight =
  | {
      readonly by: 'exporter';
      readonly family: string;
      readonly labels: Readonly<Record<string, string>>;
      readonly shows: (value: number) => boolean;
    }
  | { readonly by: 'prometheus'; readonly query: string };

/** Seconds. */
export interface Estimate {
  /** From the change until it is measured. */
  readonly seen: number;
  /** How long the condition must hold before the alert fires, where Prometheus does not tell it yet. */
  readonly hold: number;
  /** From the undoing until that is measured. */
  readonly recovered: number;
  /** From there until the alert's expression no longer holds. */
  readonly inactive: number;
}
