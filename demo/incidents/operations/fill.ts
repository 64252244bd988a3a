import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import type { Procedure } from './types.ts';

const block = 1024 ** 2;

/** Real bytes on disk: neither a hole nor what a file system compresses away. */
export const fill: Procedure<'fill'> = {
  touches: ({ path }) => [path],
  apply: ({ path, bytes }) => {
    const file = openSync(path, 'wx');
    try {
      const noise = randomBytes(Math.min(block, bytes));
      for (let left = bytes; left > 0; left -= noise.length) writeSync(file, noise, 0, Math.min(left, noise.length));
    } finally {
      closeSync(file);
    }
  },
  revert: ({ path }) => rmSync(path, { force: true }),
};
