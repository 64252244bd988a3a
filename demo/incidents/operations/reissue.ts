import { issueCertificate, pairOf } from '../../jobs/authority.ts';
import { keep, restore } from './stash.ts';
import type { Procedure, Reissue } from './types.ts';

export const reissue: Procedure<'reissue'> = {
  touches: files,
  apply: (operation, stash) => {
    for (const path of files(operation)) keep(path, stash);
    issueCertificate(operation.directory, { ...operation, lifetimeDays: operation.days });
  },
  revert: (operation, stash) => {
    for (const path of files(operation)) restore(path, stash);
  },
};

function files({ directory, name }: Reissue): readonly string[] {
  const { certificate, key } = pairOf(directory, name);
  return [key, certificate];
}
