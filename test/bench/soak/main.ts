import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../exporter.ts';
import { writeSection } from '../report.ts';
import { type SoakSample, soak } from './soak.ts';
import { verdict } from './verdict.ts';

/**
 * `npm run soak -- [--minutes 60] [--out dist/soak] [--write]`: whether the exporter's memory stays level while it is scraped
 * each second and a hundredth of what it watches changes each minute. Leaves `samples.csv` and `result.json`, with `--write` a
 * section in docs/benchmarks.md; exit code 1 when it does not.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    out: { type: 'string', default: join(root, 'dist/soak') },
    write: { type: 'boolean', default: false },
  },
});
const minutes = Number(values.minutes);
/** The first five minutes of an hour do not count. */
const warmUp = minutes / 12;
const csv = join(values.out, 'samples.csv');
const columns = [
  'second',
  'resident',
  'together',
  'heap',
  'external',
  'plain',
  'gzip',
  'scrapes',
  'failed',
  'down',
  'changed',
] as const satisfies readonly (keyof SoakSample)[];

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
const text = verdict(result, minutes);
console.log(text);
if (values.write) writeSection('An hour of scrapes', text);
process.exitCode = result.passed ? 0 : 1;

function row(sample: SoakSample): string {
  return columns.map((column) => Number(sample[column].toFixed(2))).join(',');
}
