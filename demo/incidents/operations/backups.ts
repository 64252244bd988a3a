import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { writeFileAtomic } from '../../../common/files.ts';
import type { Procedure, ReplaceEmptyBackups } from './types.ts';

export const requestBackup: Procedure<'request-backup'> = {
  touches: ({ requestFile }) => [requestFile],
  apply: ({ requestFile }) => writeFileAtomic(requestFile, ''),
  revert: ({ requestFile }) => rmSync(requestFile, { force: true }),
};

export const replaceEmptyBackups: Procedure<'replace-empty-backups'> = {
  touches: (operation) => [operation.requestFile, join(operation.directory, 'any'), ...newBackups(operation)],
  apply: () => {},
  revert: (operation) => {
    for (const path of newBackups(operation).filter(isEmpty)) rmSync(path, { force: true });
    writeFileAtomic(operation.requestFile, '');
  },
};

function newBackups({ directory, before }: ReplaceEmptyBackups): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.sql.gz') && !before.includes(name))
    .map((name) => join(directory, name));
}

/** A gzip of nothing has 20 bytes; nothing longer is unpacked to see. */
function isEmpty(path: string): boolean {
  const bytes = readFileSync(path);
  return bytes.length <= 64 && gunzipSync(bytes).length === 0;
}
