import { replaceEmptyBackups, requestBackup } from './backups.ts';
import { fill } from './fill.ts';
import { putAside } from './put-aside.ts';
import { reissue } from './reissue.ts';
import { replace } from './replace.ts';
import type { Operation, Place } from './types.ts';

export function apply(operation: Operation, place: Place): void {
  perform(operation, 'apply', place);
}

export function revert(operation: Operation, place: Place): void {
  perform(operation, 'revert', place);
}

function perform(operation: Operation, direction: 'apply' | 'revert', place: Place): void {
  switch (operation.kind) {
    case 'replace':
      replace[direction](operation, place);
      break;
    case 'put-aside':
      putAside[direction](operation, place);
      break;
    case 'fill':
      fill[direction](operation, place);
      break;
    case 'reissue':
      reissue[direction](operation, place);
      break;
    case 'request-backup':
      requestBackup[direction](operation, place);
      break;
    case 'replace-empty-backups':
      replaceEmptyBackups[direction](operation, place);
      break;
  }
}
