import { rmSync } from 'node:fs';
import { keep, restore } from './stash.ts';
import type { Procedure } from './types.ts';

export const putAside: Procedure<'put-aside'> = {
  touches: ({ path }) => [path],
  apply: ({ path }, stash) => {
    keep(path, stash);
    rmSync(path, { force: true });
  },
  revert: ({ path }, stash) => restore(path, stash),
};
