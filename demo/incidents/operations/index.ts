import { replaceEmptyBackups, requestBackup } from './backups.ts';
import { fill } from './fill.ts';
import { reissue } from './reissue.ts';
import { replace } from './replace.ts';
import type { Operation, Procedure } from './types.ts';

/** An operation that can be done: its procedure with its data in place. */
export interface Bound {
  readonly touches: () => readonly string[];
  readonly apply: (stash: string) => void;
  readonly revert: (stash: string) => void;
}

export function bind(operation: Operation): Bound {
  switch (operation.kind) {
    case 'replace':
      return bound(replace, operation);
    case 'fill':
      return bound(fill, operation);
    case 'reissue':
      return bound(reissue, operation);
    case 'request-backup':
      return bound(requestBackup, operation);
    case 'replace-empty-backups':
      return bound(replaceEmptyBackups, operation);
  }
}

function bound<Kind extends Operation['kind']>(
  { touches, apply, revert }: Procedure<Kind>,
  operation: Extract<Operation, { kind: Kind }>,
): Bound {
  return {
    touches: () => touches(operation),
    apply: (stash) => apply(operation, stash),
    revert: (stash) => revert(operation, stash),
  };
}
