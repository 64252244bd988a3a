import { rmSync } from 'node:fs';
import { contained } from '../containment.ts';
import { keep, restore } from './stash.ts';
import type { Procedure } from './types.ts';

export const putAside: Procedure<'put-aside'> = {
  apply: ({ path }, place) => {
    keep(contained(place.root, path), place);
    rmSync(path, { force: true });
  },
  revert: ({ path }, place) => restore(contained(place.root, path), place),
};
