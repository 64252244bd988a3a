import { setTimeout as sleep } from 'node:timers/promises';
import { authorization, inFolder, type Started, startExporter, stop } from '../exporter.ts';
import { familyMegabytes, residentMegabytes } from '../memory.ts';
import { timeRequest } from '../request.ts';
import { median } from '../result.ts';
import { type Flatness, flatness } from './flatness.ts';
import { createWorld, type Size, type World } from './world.ts';

export interface SoakOptions {
  readonly minutes: number;
  /** Minutes that do not count at the beginning. */
  readonly warmUp: number;
  readonly size: Size;
  /** Seconds between two readings of a source. */
  readonly interval: number;
  /** Seconds between two samples. */
  readonly every: number;
  readonly sampled: (sample: SoakSample) => void;
}

/** What was seen since the sample before. Memory in MB, times in ms. */
export interface SoakSample {
  readonly second: number;
  /** Resident in the serving process, now. */
  readonly resident: number;
  /** The largest sum of the serving process and its children, where what they share counts once. */
  readonly together: number;
  readonly heap: number;
  readonly external: number;
  readonly plain: number;
  readonly gzip: number;
  readonly scrapes: number;
  readonly failed: number;
  /** Sources that could not be read, as the last scrape tells. */
  readonly down: number;
  readonly changed: number;
}

export interface SoakResult {
  readonly series: number;
  readonly scrapes: number;
  readonly failed: number;
  readonly down: number;
  readonly changed: number;
  readonly plain: { readonly median: number; readonly slowest: number };
  readonly gzip: { readonly median: number; readonly slowest: number };
  readonly resident: Flatness;
  readonly together: Flatness;
  readonly passed: boolean;
}

const tolerance = 0.1;

/** The bundled exporter, scraped each second while what it watches changes. */
export async function soak(options: SoakOptions): Promise<SoakResult> {
  return await inFolder(async (folder) => {
    const world = createWorld(folder, options.size);
    const exporter = await startExporter(folder, { ...world.declared, interval: options.interval });
    try {
      const series = countSeries(await textOf(exporter));
      return { series, ...summarize(await watch(exporter, world, options), options) };
    } finally {
      await stop(exporter);
    }
  });
}

async function watch(exporter: Started, world: World, options: SoakOptions): Promise<readonly SoakSample[]> {
  const samples: SoakSample[] = [];
  const started = performance.now();
  let round = new Round();
  for (let second = 1; second <= options.minutes * 60; second += 1) {
    await sleep(Math.max(0, started + second * 1000 - performance.now()));
    if (second % 60 === 0) round.changed += world.churn();
    await round.scrape(exporter, second % 2 === 0 ? 'gzip' : 'plain');
    if (second % options.every > 0) continue;
    const sample = await round.end(exporter, second);
    options.sampled(sample);
    samples.push(sample);
    round = new Round();
  }
  return samples;
}

/** What happens between two samples. */
class Round {
  changed = 0;
  readonly #times = { plain: [] as number[], gzip: [] as number[] };
  #failed = 0;
  #together = 0;

  async scrape({ url, pid }: Started, encoding: 'plain' | 'gzip'): Promise<void> {
    const headers = { ...authorization, ...(encoding === 'gzip' ? { 'accept-encoding': 'gzip' } : {}) };
    try {
      this.#times[encoding].push((await timeRequest(`${url}/prometheus`, headers)).milliseconds);
    } catch {
      this.#failed += 1;
    }
    this.#together = Math.max(this.#together, familyMegabytes(pid));
  }

  async end(exporter: Started, second: number): Promise<SoakSample> {
    const { plain, gzip } = this.#times;
    const text = await textOf(exporter);
    return {
      second,
      resident: residentMegabytes(exporter.pid),
      together: this.#together,
      heap: metric(text, 'nodejs_heap_size_used_bytes') / 1e6,
      external: metric(text, 'nodejs_external_memory_bytes') / 1e6,
      plain: Math.max(0, ...plain),
      gzip: Math.max(0, ...gzip),
      scrapes: plain.length + gzip.length,
      failed: this.#failed,
      down: text.match(/^lookout_source_up\{[^}]*\} 0$/gm)?.length ?? 0,
      changed: this.changed,
    };
  }
}

function summarize(samples: readonly SoakSample[], { warmUp }: SoakOptions): Omit<SoakResult, 'series'> {
  const sum = (key: 'scrapes' | 'failed' | 'down' | 'changed') =>
    samples.reduce((total, sample) => total + sample[key], 0);
  const warm = samples.filter(({ second }) => second > warmUp * 60);
  const times = (key: 'plain' | 'gzip') => {
    const values = warm.map((sample) => sample[key]);
    return { median: median(values), slowest: Math.max(...values) };
  };
  const resident = flatness(
    warm.map((sample) => sample.resident),
    tolerance,
    'median',
  );
  const together = flatness(
    warm.map((sample) => sample.together),
    tolerance,
    'largest',
  );
  const counts = { scrapes: sum('scrapes'), failed: sum('failed'), down: sum('down'), changed: sum('changed') };
  const passed = resident.flat && counts.failed === 0 && counts.down === 0;
  return { ...counts, plain: times('plain'), gzip: times('gzip'), resident, together, passed };
}

async function textOf({ url }: Started): Promise<string> {
  return await (await fetch(`${url}/prometheus`, { headers: authorization })).text();
}

function countSeries(text: string): number {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}

function metric(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
}
