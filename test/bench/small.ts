import { inFolder, startExporter, stop, watchMemory } from './exporter.ts';
import { median, type Result } from './measure.ts';
import { backups, certificates, volumes } from './world.ts';

/** The exporter of a usual environment: how soon it knows everything, and what it costs. */
export async function benchSmall(): Promise<readonly Result[]> {
  return await inFolder(async (folder) => {
    const declared = {
      certificateFiles: certificates(folder, 20),
      volumes: volumes(folder, 20),
      backups: backups(folder, 5),
      interval: 1,
    };
    const runs: { complete: number; alone: number; together: number }[] = [];
    for (let run = 0; run < 5; run += 1) {
      const exporter = await startExporter(folder, declared);
      const memory = await watchMemory(exporter.pid, 4000);
      await stop(exporter);
      runs.push({ complete: exporter.complete, ...memory });
    }
    const of = (
      work: string,
      key: 'complete' | 'alone' | 'together',
      unit: Result['unit'],
      budget: number,
    ): Result => ({
      work: `20 certificates, 20 volumes, 5 backups: ${work}`,
      value: median(runs.map((run) => run[key])),
      unit,
      budget,
      baseline: null,
    });
    return [
      of('start to first complete scrape', 'complete', 'ms', 600),
      of('resident, serving process', 'alone', 'MB', 100),
      of('proportional, with children', 'together', 'MB', 160),
    ];
  });
}
