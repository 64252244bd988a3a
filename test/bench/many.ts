import { authorization, inFolder, startExporter, stop, watchMemory } from './exporter.ts';
import { medianRequest, type Result } from './measure.ts';
import { certificates } from './world.ts';

const count = 10_000;

/** As many certificate files as anyone has. */
export async function benchMany(): Promise<readonly Result[]> {
  return await inFolder(async (folder) => {
    const exporter = await startExporter(folder, { certificateFiles: certificates(folder, count), interval: 20 });
    try {
      const plain = await medianRequest(`${exporter.url}/prometheus`, authorization);
      const gzip = await medianRequest(`${exporter.url}/prometheus`, { ...authorization, 'accept-encoding': 'gzip' });
      const memory = await watchMemory(exporter.pid, 30_000);
      const row = (work: string, value: number, unit: Result['unit'], budget: number): Result => ({
        work: `10 000 certificate files: ${work}`,
        value,
        unit,
        budget,
        baseline: null,
      });
      return [
        row('start to first complete scrape', exporter.complete / 1000, 's', 2),
        row('scrape, plain', plain.milliseconds, 'ms', 8),
        row('scrape, gzip', gzip.milliseconds, 'ms', 3),
        row('resident, serving process', memory.alone, 'MB', 150),
      ];
    } finally {
      await stop(exporter);
    }
  });
}
