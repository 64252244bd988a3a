import { availableParallelism, cpus, getPriority, loadavg, release, totalmem } from 'node:os';

/** What the figures were taken on. */
export function machine(): string {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${availableParallelism()} x ${processor}, ${memory} GiB, Linux ${release()}, Node.js ${process.version}`;
}

/**
 * Processes that wanted to run, on average over the last minute: above the number of processors, others took part of them. And
 * the priority of the benchmark, when it was started with `nice`.
 */
export function load(): string {
  const priority = getPriority();
  return `load before ${(loadavg()[0] ?? 0).toFixed(1)}${priority === 0 ? '' : `, nice ${priority}`}`;
}
