import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inFolder, root } from './exporter.ts';
import type { Result } from './result.ts';

/** Secrets of a real API server: measured by test/cluster/bench in the cluster of test/cluster/node. */
export async function benchSecrets(): Promise<readonly Result[]> {
  return await inFolder(async (folder) => {
    const results = join(folder, 'results.json');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const args = [vitest, 'run', '--config', 'vitest.cluster.config.ts', 'test/cluster/bench/secrets.bench.ts'];
    const env = { ...process.env, LOOKOUT_BENCH: results };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 2, 2] });
    await once(child, 'exit');
    if (!existsSync(results)) throw new Error('the cluster gave no figures, see above');
    return JSON.parse(readFileSync(results, 'utf8')) as readonly Result[];
  });
}
