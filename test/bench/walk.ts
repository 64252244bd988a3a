import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { authorization, inFolder, startExporter, stop } from './exporter.ts';
import { median, type Result } from './measure.ts';

const files = 200_000;

/** A volume of very many files, beside `du`. */
export async function benchWalk(): Promise<readonly Result[]> {
  return await inFolder(async (folder) => {
    const directory = join(folder, 'large');
    fill(directory);
    const volumes = [{ name: 'large', namespace: 'bench', directory, requested: null }];
    const ours: number[] = [];
    const du: number[] = [];
    for (let run = 0; run < 3; run += 1) {
      du.push(timeDu(directory));
      const exporter = await startExporter(folder, { volumes });
      ours.push(await durationOf(exporter.url));
      await stop(exporter);
    }
    const baseline = { name: 'du -sx', value: median(du) };
    return [{ work: 'volume of 200 000 files added up', value: median(ours), unit: 'ms', baseline, budget: null }];
  });
}

function fill(directory: string): void {
  mkdirSync(directory);
  for (let file = 0; file < files; file += 1) closeSync(openSync(join(directory, `file-${file}`), 'w'));
}

function timeDu(directory: string): number {
  const started = performance.now();
  execFileSync('du', ['-sx', directory]);
  return performance.now() - started;
}

async function durationOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/prometheus`, { headers: authorization })).text();
  return Number(/^lookout_collector_duration_seconds\{collector="volumes"\} (\S+)$/m.exec(text)?.[1]) * 1000;
}
