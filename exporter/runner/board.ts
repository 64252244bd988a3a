import type { Collector } from '../collectors/collector.ts';
import type { Exposition } from '../exposition/exposition.ts';
import { failed, problemOf } from '../model/failure.ts';
import type { Outcome, Problem } from '../model/reading.ts';
import type { Sample } from '../model/sample.ts';
import type { Log } from '../telemetry/log.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import { type Entry, expire, note, noteHang } from './entry.ts';
import type { Attempt } from './lane.ts';
import { collectorSamples, sourceSamples } from './self.ts';

export interface BoardOptions {
  readonly exposition: Exposition;
  readonly log: Log;
  readonly tracer: Tracer;
  /** Seconds since the epoch. */
  readonly now: () => number;
  /** Seconds between two readings. */
  readonly interval: number;
}

/** All declared sources of a collector and what is known of it as a whole. */
interface Section {
  readonly collector: Collector;
  readonly entries: readonly Entry[];
  lastSuccess: number;
}

/** Takes down every attempt and renders what it changed: the one place that counts, logs, traces and times them. */
export class Board {
  readonly #options: BoardOptions;
  readonly #sections: readonly Section[];

  constructor(collectors: readonly Collector[], entries: readonly Entry[], options: BoardOptions) {
    this.#options = options;
    this.#sections = collectors.map((collector) => ({
      collector,
      entries: entries.filter((entry) => entry.collector === collector),
      lastSuccess: 0,
    }));
    for (const entry of entries) this.#render(entry);
    this.summarize();
  }

  begin(entry: Entry): Attempt {
    const { now, tracer, interval } = this.#options;
    const since = now();
    const started = performance.now();
    const span = tracer(entry.collector.name, entry.source.name);
    const finish = (change: () => boolean) => {
      const before = entry.state.problem;
      entry.duration = (performance.now() - started) / 1000;
      if (change()) this.#render(entry);
      this.#tell(entry, before, span.traceId);
      span.end(entry.state.problem);
      entry.attempted.resolve();
    };
    return {
      done: (outcome: Outcome<unknown>) => finish(() => note(entry, outcome, now(), interval)),
      hung: (message) => finish(() => noteHang(entry, message, since, interval)),
    };
  }

  /** Lets go of what is too old to be shown as present, of a source that is not tried now. */
  expire(entry: Entry): void {
    if (expire(entry)) this.#render(entry);
  }

  /** Renders what concerns whole collectors; to be called after a round of readings. */
  summarize(): void {
    for (const section of this.#sections) {
      const { collector, entries } = section;
      const success = entries.every(({ state }) => state.problem === null);
      if (success) section.lastSuccess = this.#options.now();
      const result = { name: collector.name, success, duration: durationOf(entries), lastSuccess: section.lastSuccess };
      const overview = collector.overview?.(entries.map(({ source, state }) => ({ declared: source.declared, state })));
      this.#options.exposition.set(collector.name, [...collectorSamples(result), ...(overview ?? [])]);
    }
  }

  /** The samples that are rendered at a scrape. */
  *live(): Iterable<Sample> {
    for (const { collector, entries } of this.#sections) {
      if (collector.live === undefined) continue;
      for (const { source, state } of entries) yield* collector.live(source.declared, state, this.#options.now());
    }
  }

  #render(entry: Entry): void {
    const { collector, source, key } = entry;
    try {
      const samples = [...collector.samples(source.declared, entry.state)];
      this.#options.exposition.set(key, [...samples, ...sourceSamples(entry)]);
    } catch (error) {
      this.#options.log.error(
        { collector: collector.name, source: source.name, error },
        'could not render what was read',
      );
      note(entry, failed(problemOf(error, `render ${source.name}`)), entry.readAt, this.#options.interval);
      this.#options.exposition.set(key, sourceSamples(entry));
    }
  }

  #tell({ collector, source, state: { problem } }: Entry, before: Problem | null, traceId: string | undefined): void {
    if (problem?.reason === before?.reason) return;
    const place = { collector: collector.name, source: source.name, trace_id: traceId };
    if (problem !== null) this.#options.log.warn({ ...place, reason: problem.reason }, problem.message);
    else if (before?.reason !== 'not_read_yet') this.#options.log.info(place, 'the source can be read again');
  }
}

/** Sources of one lane are read one after another, lanes at the same time. */
function durationOf(entries: readonly Entry[]): number {
  const lanes = new Map<string, number>();
  for (const { lane, duration } of entries) lanes.set(lane, (lanes.get(lane) ?? 0) + duration);
  return Math.max(0, ...lanes.values());
}
