import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inFolder, root } from './exporter.ts';
import type { Result } from './result.ts';

/** Secrets of a real API server. */
export const benchSecrets = () => benchInCluster('secrets');

/** A plan and an apply of a real API server. */
export const benchApply = () => benchInCluster('apply');

/** An apply into an empty namespace, until everything is proven. */
export const benchGreen = () => benchInCluster('green');

/** What `test/cluster/bench/<name>.bench.ts` measures in the cluster of test/cluster/node. */
async function benchInCluster(name: string): Promise<readonly Result[]> {
  return await inFolder(async (folder) => {
    const results = join(folder, 'results.json');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const args = [vitest, 'run', '--config', 'vitest.cluster.config.ts', `test/cluster/bench/${name}.bench.ts`];
    const env = { ...process.env, LOOKOUT_BENCH: results };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
    await once(child, 'exit');
    if (!existsSync(results)) throw new Error('the cluster gave no figures, see above');
    return JSON.parse(readFileSync(results, 'utf8')) as readonly Result[];
  });
}
