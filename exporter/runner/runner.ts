import type { Collector, NetworkReading } from '../collectors/collector.ts';
import type { ExporterConfig } from '../config.ts';
import { mountOf, parseMounts } from '../model/mounts.ts';
import { Board, type BoardOptions } from './board.ts';
import type { Child } from './child.ts';
import { type Entry, newEntry } from './entry.ts';
import { Lane } from './lane.ts';
import { readNetwork } from './network.ts';
import { Slots } from './slots.ts';

export interface RunnerOptions extends BoardOptions {
  readonly startChild: () => Child;
  /** Text of `/proc/self/mountinfo`. */
  readonly readMounts: () => string;
}

/** At most so many children, each about 50 MB; those that hang give their slot away after the seconds. */
const children = { count: 2, longest: 2 } as const;
const connections = { count: 32, longest: 30 } as const;

/** Reads every source once per interval, from `start` to `stop`. */
export class Runner {
  readonly entries: readonly Entry[];
  readonly board: Board;
  readonly #config: ExporterConfig;
  readonly #options: RunnerOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #connecting = new Set<Entry>();
  readonly #childSlots = new Slots(children.count, children.longest);
  readonly #networkSlots = new Slots(connections.count, connections.longest);
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #ready = false;

  constructor(collectors: readonly Collector[], config: ExporterConfig, options: RunnerOptions) {
    this.#config = config;
    this.#options = options;
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
    void this.#round().then(() => {
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
    const mounts = parseMounts(this.#options.readMounts());
    const files = this.entries.filter(({ source }) => source.read.kind === 'file');
    for (const entry of files) {
      if (entry.source.read.kind === 'file') entry.lane = mountOf(entry.source.read.path, mounts).point;
    }
    const lanes = [...Map.groupBy(files, ({ lane }) => lane)].map(([mount, entries]) =>
      this.#readMount(mount, entries),
    );
    const connected = this.entries.map(
      (entry) => entry.source.read.kind === 'network' && this.#connect(entry, entry.source.read),
    );
    await Promise.all([...lanes, ...connected]);
  }

  async #readMount(mount: string, entries: readonly Entry[]): Promise<void> {
    const lane = this.#lane(mount);
    const now = performance.now() / 1000;
    for (const entry of entries) this.board.expire(entry);
    const due = entries.filter(({ notBefore }) => notBefore <= now);
    if (lane.busy || due.length === 0) return;
    await this.#childSlots.run(() => lane.round(due, this.#config.deadline, this.#stop.signal));
    await this.#finish();
  }

  async #connect(entry: Entry, read: NetworkReading<unknown>): Promise<void> {
    if (this.#connecting.has(entry)) return;
    this.#connecting.add(entry);
    await this.#networkSlots.run(async () => {
      const attempt = this.board.begin(entry);
      const outcome = await readNetwork(read, entry.source.name, this.#context(entry));
      if (!this.#stop.signal.aborted) attempt.done(outcome);
    });
    this.#connecting.delete(entry);
    await this.#finish();
  }

  #context(entry: Entry) {
    const { now } = this.#options;
    const deadline = AbortSignal.timeout(this.#config.deadline * 1000);
    return {
      signal: AbortSignal.any([this.#stop.signal, deadline]),
      now: now(),
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

  async #finish(): Promise<void> {
    this.board.summarize();
    await this.#options.exposition.settle();
  }

  #lane(mount: string): Lane {
    const lane = this.#lanes.get(mount) ?? new Lane(this.#options.startChild, (entry) => this.board.begin(entry));
    this.#lanes.set(mount, lane);
    return lane;
  }
}
