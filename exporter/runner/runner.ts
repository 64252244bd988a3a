import { setTimeout as sleep } from 'node:timers/promises';
import type { Collector, FollowedReading, NetworkReading } from '../collectors/collector.ts';
import type { ExporterConfig } from '../config.ts';
import type { Kubernetes } from '../kubernetes/kubernetes.ts';
import { failed, problemOf } from '../model/failure.ts';
import type { Outcome } from '../model/reading.ts';
import type { Sample } from '../model/sample.ts';
import { Board, type BoardOptions } from './board.ts';
import type { Child } from './child.ts';
import { type Entry, monotonic, newEntry } from './entry.ts';
import { type Attempt, Lane } from './lane.ts';
import { MountTable } from './mount-table.ts';
import { readNetwork } from './network.ts';
import { Slots } from './slots.ts';

export interface RunnerOptions extends BoardOptions {
  readonly startChild: () => Child;
  /** Text of `/proc/self/mountinfo`. */
  readonly readMounts: () => string;
  readonly kubernetes: Kubernetes;
}

/** At most so many children, each about 50 MB; those that hang give their slot away after the seconds. */
const children = { count: 2, longest: 2 } as const;
/** Milliseconds in which what ends is gathered before whole collectors are rendered. */
const gathering = 20;
const connections = { count: 32, longest: 30 } as const;

/** Reads every source once per interval, from `start` to `stop`. */
export class Runner {
  readonly entries: readonly Entry[];
  readonly board: Board;
  readonly #config: ExporterConfig;
  readonly #options: RunnerOptions;
  readonly #mounts: MountTable;
  readonly #lanes = new Map<string, Lane>();
  /** Mounts and endpoints that are being read. */
  readonly #underWay = new Set<Lane | Entry>();
  readonly #childSlots = new Slots(children.count, children.longest);
  readonly #networkSlots = new Slots(connections.count, connections.longest);
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #finishing: Promise<void> | undefined;
  #ready = false;

  constructor(collectors: readonly Collector[], config: ExporterConfig, options: RunnerOptions) {
    this.#config = config;
    this.#options = options;
    this.#mounts = new MountTable(options.readMounts);
    this.entries = collectors.flatMap((collector) =>
      collector.sources(config).map((source) => newEntry(collector, source)),
    );
    this.board = new Board(collectors, this.entries, options);
  }

  /** Whether every source has been tried. */
  get ready(): boolean {
    return this.#ready;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#round(), this.#config.interval * 1000);
    for (const entry of this.entries) {
      if (entry.source.read.kind === 'followed') void this.#follow(entry, entry.source.read);
    }
    const tried = this.entries.map(({ attempted }) => attempted.promise);
    void Promise.all([this.#round(), ...tried]).then(async () => {
      await this.#finish();
      this.#ready = true;
    });
  }

  /** Ends every child, whatever it does. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    await Promise.all([...this.#lanes.values()].map((lane) => lane.end()));
  }

  async #round(): Promise<void> {
    const work: Promise<void>[] = [];
    const files: Entry[] = [];
    for (const entry of this.entries) {
      const { read } = entry.source;
      if (read.kind === 'network') work.push(this.#connect(entry, read));
      if (read.kind === 'file' && this.#isInPlace(entry, read.path)) files.push(entry);
    }
    for (const [mount, entries] of Map.groupBy(files, ({ lane }) => lane)) work.push(this.#readMount(mount, entries));
    await Promise.all(work);
  }

  #isInPlace(entry: Entry, path: string): boolean {
    const gone = this.#mounts.place(entry, path);
    if (gone === undefined) return true;
    this.board.begin(entry).done(gone);
    void this.#finish();
    return false;
  }

  async #readMount(mount: string, entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) this.board.expire(entry);
    const due = entries.filter(({ notBefore }) => notBefore <= monotonic());
    const lane = this.#lane(mount);
    if (due.length === 0) return;
    await this.#alone(lane, this.#childSlots, () => lane.round(due, this.#config.deadline, this.#stop.signal));
  }

  async #connect(entry: Entry, read: NetworkReading<unknown>): Promise<void> {
    await this.#alone(entry, this.#networkSlots, async () => {
      const attempt = this.board.begin(entry);
      const outcome = await readNetwork(read, entry.source.name, this.#context(entry));
      if (!this.#stop.signal.aborted) attempt.done(outcome);
    });
  }

  async #follow(entry: Entry, read: FollowedReading<unknown>): Promise<void> {
    const { kubernetes, exposition } = this.#options;
    const { signal } = this.#stop;
    const tell = (outcome: Outcome<unknown>) => {
      if (signal.aborted) return;
      this.board.begin(entry).done(outcome);
      void this.#finish();
    };
    const show = (object: string, samples: Iterable<Sample>) => {
      exposition.set(`${entry.key}/${object}`, samples);
      void this.#finish();
    };
    try {
      await read.follow({ signal, kubernetes, tell, show });
    } catch (error) {
      tell(failed(problemOf(error, `follow ${entry.source.name}`)));
    }
  }

  /** Leaves the work out when the one before has not ended yet. */
  async #alone(worker: Lane | Entry, slots: Slots, work: () => Promise<void>): Promise<void> {
    if (this.#underWay.has(worker)) return;
    this.#underWay.add(worker);
    try {
      await slots.run(work);
    } finally {
      this.#underWay.delete(worker);
    }
    await this.#finish();
  }

  /** After many endpoints at once only one time. */
  #finish(): Promise<void> {
    this.#finishing ??= sleep(gathering).then(async () => {
      this.#finishing = undefined;
      this.board.summarize();
      await this.#options.exposition.settle();
    });
    return this.#finishing;
  }

  #context(entry: Entry) {
    const { now, kubernetes } = this.#options;
    const deadline = AbortSignal.timeout(this.#config.deadline * 1000);
    return {
      signal: AbortSignal.any([this.#stop.signal, deadline]),
      now: now(),
      kubernetes,
      peer: async (name: string) => {
        const peer = this.entries.find(
          ({ collector, source }) => collector === entry.collector && source.name === name,
        );
        if (peer === undefined) throw new Error(`${entry.collector.name} has no source ${name}`);
        await peer.attempted.promise;
        return peer.state;
      },
    };
  }

  #lane(mount: string): Lane {
    const lane = this.#lanes.get(mount) ?? new Lane(this.#options.startChild, (entry) => this.#begin(entry));
    this.#lanes.set(mount, lane);
    return lane;
  }

  #begin(entry: Entry): Attempt {
    const attempt = this.board.begin(entry);
    const judge = this.#mounts.watch(entry);
    return { ...attempt, done: (outcome) => attempt.done(judge(outcome)) };
  }
}
