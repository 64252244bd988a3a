import type { ExporterConfig } from '../../exporter/config.ts';
import { authorization, inFolder, startExporter, stop, watchMemory } from './exporter.ts';
import { medianRequest, type Result } from './measure.ts';
import { certificates, volumes } from './world.ts';

const count = 10_000;

/** As many certificate files as anyone has, then as many volumes beside them. */
export async function benchMany(): Promise<readonly Result[]> {
  return await inFolder(async (folder) => {
    const certificateFiles = certificates(folder, count);
    return [
      ...(await measure(folder, '10 000 certificate files', { certificateFiles }, [2, 8, 3, 150])),
      ...(await measure(folder, 'and 10 000 volumes', { certificateFiles, volumes: volumes(folder, count) }, [
        null,
        null,
        null,
        200,
      ])),
    ];
  });
}

type Budgets = readonly [start: number | null, plain: number | null, gzip: number | null, resident: number | null];

async function measure(
  folder: string,
  work: string,
  declared: Partial<ExporterConfig>,
  [start, plain, gzip, resident]: Budgets,
): Promise<readonly Result[]> {
  const exporter = await startExporter(folder, { ...declared, interval: 20 });
  try {
    const url = `${exporter.url}/prometheus`;
    const whole = await medianRequest(url, authorization);
    const compressed = await medianRequest(url, { ...authorization, 'accept-encoding': 'gzip' });
    const memory = await watchMemory(exporter.pid, 30_000);
    const row = (what: string, value: number, unit: Result['unit'], budget: number | null): Result => ({
      work: `${work}: ${what}`,
      value,
      unit,
      budget,
      baseline: null,
    });
    return [
      row('start to first complete scrape', exporter.complete / 1000, 's', start),
      row('scrape, plain', whole.milliseconds, 'ms', plain),
      row('scrape, gzip', compressed.milliseconds, 'ms', gzip),
      row('resident, serving process', memory.alone, 'MB', resident),
    ];
  } finally {
    await stop(exporter);
  }
}
