import { issueCertificate, pairOf } from '../../jobs/authority.ts';
import { contained } from '../containment.ts';
import { keep, restore } from './stash.ts';
import type { Procedure, Reissue } from './types.ts';

export const reissue: Procedure<'reissue'> = {
  apply: (operation, place) => {
    for (const path of files(operation)) keep(contained(place.root, path), place);
    issueCertificate(operation.directory, { ...operation, lifetimeDays: operation.days });
  },
  revert: (operation, place) => {
    for (const path of files(operation)) restore(contained(place.root, path), place);
  },
};

function files({ directory, name }: Reissue): readonly string[] {
  const { certificate, key } = pairOf(directory, name);
  return [key, certificate];
}
