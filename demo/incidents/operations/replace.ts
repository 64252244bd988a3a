import { rmSync } from 'node:fs';
import { writeFileAtomic } from '../../../common/files.ts';
import { contained } from '../containment.ts';
import { keep, restore } from './stash.ts';
import type { Procedure } from './types.ts';

export const replace: Procedure<'replace'> = {
  apply: ({ path, content }, place) => {
    keep(contained(place.root, path), place);
    writeFileAtomic(path, content);
  },
  revert: ({ path, existed }, place) => {
    contained(place.root, path);
    if (existed) restore(path, place);
    else rmSync(path, { force: true });
  },
};
