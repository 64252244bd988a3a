import { rmSync } from 'node:fs';
import { writeFileAtomic } from '../../../common/files.ts';
import { keep, restore } from './stash.ts';
import type { Procedure } from './types.ts';

export const replace: Procedure<'replace'> = {
  touches: ({ path }) => [path],
  apply: ({ path, content }, stash) => {
    keep(path, stash);
    writeFileAtomic(path, content);
  },
  revert: ({ path, existed }, stash) => {
    if (existed) restore(path, stash);
    else rmSync(path, { force: true });
  },
};
