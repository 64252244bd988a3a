import { join, resolve } from 'node:path';
import type { Input, Shell } from './command.ts';

/** Where outputs lie: what `--dist` says, else `dist/` in the checkout. */
export function distDirectory({ options }: Input, { cwd, root }: Shell): string {
  const { dist } = options;
  return typeof dist === 'string' ? resolve(cwd, dist) : join(root, 'dist');
}
