import type { ExporterConfig } from '../config.ts';
import type { Kubernetes } from '../kubernetes/kubernetes.ts';
import type { Family } from '../metrics/family.ts';
import type { Collector as CollectorName } from '../metrics/self.ts';
import type { Outcome, State } from '../model/reading.ts';
import type { Sample } from '../model/sample.ts';
import type { TaskName } from '../reader/tasks.ts';

/**
 * A collector: a name, its families, what it is to read, and pure functions from what was read to samples. Timing,
 * deadlines, children, logging, `lookout_source_*` and `lookout_collector_*` belong to the runner alone.
 *
 * To add one:
 *  1. Constants of its families in `exporter/metrics/<topic>.ts`, listed in `exporter/metrics/index.ts`.
 *  2. The reading in `exporter/collectors/<topic>/task.ts`, which exports `task: Task<Request, Reading>` (see
 *     `exporter/reader/task.ts`), and one line in `exporter/reader/tasks.ts`. It runs in a child process; nothing
 *     that touches a file system may run elsewhere. It imports nothing heavy: the child is started often.
 *  3. `exporter/collectors/<topic>/collector.ts`, which exports a Collector, and one line in `exporter/collectors/index.ts`.
 *
 * `samples` must give every declared thing its series in every state: what is not known is 0 with a state or a reason
 * beside it, never an invented value. Timestamps of the last reading stay; sizes and counts are left out when the
 * state is not `fresh`.
 */
export interface Collector<Declared = unknown, Reading = unknown> {
  readonly name: CollectorName;
  readonly families: readonly Family[];
  sources(config: ExporterConfig): readonly Source<Declared, Reading>[];
  /** Rendered when the state has changed. */
  samples(declared: Declared, state: State<Reading>): Iterable<Sample>;
  /** Rendered at every scrape: only for what changes with the clock alone. `now` in seconds since the epoch. */
  live?(declared: Declared, state: State<Reading>, now: number): Iterable<Sample>;
  /** What `/explain` shows of a reading; the whole reading without it. */
  explain?(reading: Reading): unknown;
  /** Samples that need all its sources together; rendered when one of them has changed. */
  overview?(sources: readonly { readonly declared: Declared; readonly state: State<Reading> }[]): Iterable<Sample>;
}

/** One declared thing and how to read it. */
export interface Source<Declared = unknown, Reading = unknown> {
  /** Label `source`: unique within the collector. */
  readonly name: string;
  readonly declared: Declared;
  readonly read: FileReading | NetworkReading<Reading> | FollowedReading<Reading>;
}

/** Reading by a task in a child process. Sources on one mount share a child, so that one hung mount costs one child. */
export interface FileReading {
  readonly kind: 'file';
  readonly task: TaskName;
  readonly request: unknown;
  /** Absolute path whose mount decides on the child. */
  readonly path: string;
}

/** Reading over sockets in the serving process: nothing that uses Node's thread pool (files, dns.lookup, async zlib or crypto). */
export interface NetworkReading<Reading> {
  readonly kind: 'network';
  /** What it throws becomes a problem, as in a task. */
  read(context: NetworkContext<Reading>): Promise<Outcome<Reading>>;
}

export interface NetworkContext<Reading> {
  /** Aborts at the deadline and at the end of the program. */
  readonly signal: AbortSignal;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly kubernetes: Kubernetes;
  /** State of another source of the same collector, once that has been tried. */
  peer(source: string): Promise<State<Reading>>;
}

/**
 * Followed from the start to the end of the program in the serving process, over connections that tell what changes. Like a
 * network reading it must not use Node's thread pool.
 */
export interface FollowedReading<Reading> {
  readonly kind: 'followed';
  /** Ends when the context's signal aborts. What it throws is a problem, and the end of it. */
  follow(context: FollowContext<Reading>): Promise<void>;
}

export interface FollowContext<Reading> {
  /** Aborts at the end of the program. */
  readonly signal: AbortSignal;
  readonly kubernetes: Kubernetes;
  /** How the source stands now; to be told again from time to time, for a reading ages like any other. */
  tell(outcome: Outcome<Reading>): void;
  /**
   * Samples of one of the many objects that a source may consist of, so that a change renders this object alone; none
   * removes them. `object` is unique within the source.
   */
  show(object: string, samples: Iterable<Sample>): void;
}
