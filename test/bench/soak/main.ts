import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../exporter.ts';
import { windows } from './flatness.ts';
import { type SoakResult, type SoakSample, soak } from './soak.ts';

/**
 * `npm run soak -- [--minutes 60] [--out dist/soak]`: whether the exporter's memory stays level while it is scraped each second
 * and a hundredth of what it watches changes each minute. Leaves `samples.csv` and `result.json`; exit code 1 when it does not.
 */
const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, out: { type: 'string', default: join(root, 'dist/soak') } },
});
const minutes = Number(values.minutes);
/** The first five minutes of an hour do not count. */
const warmUp = minutes / 12;
const csv = join(values.out, 'samples.csv');
const columns = ['second', 'resident', 'together', 'heap', 'external', 'plain', 'gzip', 'scrapes', 'failed', 'changed'];

mkdirSync(values.out, { recursive: true });
writeFileSync(csv, `${columns.join(',')}\n`);
const result = await soak({
  minutes,
  warmUp,
  size: { certificates: 2000, volumes: 200, backups: 20 },
  interval: 60,
  every: 10,
  sampled: (sample) => appendFileSync(csv, `${row(sample)}\n`),
});
writeFileSync(join(values.out, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
console.log(verdict(result));
process.exitCode = result.passed ? 0 : 1;

function row(sample: SoakSample): string {
  return columns.map((column) => Number(sample[column as keyof SoakSample].toFixed(2))).join(',');
}

function verdict({ series, scrapes, failed, changed, plain, gzip, resident, together, passed }: SoakResult): string {
  const list = (figures: readonly number[]) => figures.map((figure) => figure.toFixed(0)).join(' ');
  return [
    `${minutes} min, ${series} series, ${scrapes} scrapes, ${failed} failed, ${changed} things changed`,
    `slowest scrape of ten seconds, plain: median ${plain.median.toFixed(1)} ms, worst ${plain.slowest.toFixed(1)} ms`,
    `slowest scrape of ten seconds, gzip: median ${gzip.median.toFixed(1)} ms, worst ${gzip.slowest.toFixed(1)} ms`,
    `memory in ${windows} windows after ${warmUp.toFixed(1)} min of warm-up:`,
    `  resident, serving process (median of each, MB): ${list(resident.windows)}: ${percent(resident.change)} off the first`,
    `  with children (largest of each, MB): ${list(together.windows)}: ${percent(together.change)} off the first`,
    passed ? 'flat within 10%' : 'NOT flat within 10%, or scrapes failed',
  ].join('\n');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
