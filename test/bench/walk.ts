import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { durationOf, inFolder, startExporter, stop } from './exporter.ts';
import type { Result } from './result.ts';

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
      ours.push(await durationOf(exporter, 'volumes'));
      await stop(exporter);
    }
    const baselines = [{ name: 'du -sx', values: du }];
    return [{ work: `volume of ${files} files added up`, unit: 'ms', values: ours, baselines, target: null }];
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
