import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A command of `test/cluster/node/cluster`, for tests that need the cluster's own node. */
export function node(...args: readonly string[]): string {
  const options = { encoding: 'utf8', maxBuffer: 256 * 1024 ** 2 } as const;
  return execFileSync(join(import.meta.dirname, '../node/cluster'), args, options);
}
