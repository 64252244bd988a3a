import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { writeFileAtomic } from '../../../common/files.ts';
import { contained } from '../containment.ts';
import type { Procedure, ReplaceEmptyBackups } from './types.ts';

export const requestBackup: Procedure<'request-backup'> = {
  apply: ({ requestFile }, { root }) => writeFileAtomic(contained(root, requestFile), ''),
  revert: ({ requestFile }, { root }) => rmSync(contained(root, requestFile), { force: true }),
};

export const replaceEmptyBackups: Procedure<'replace-empty-backups'> = {
  apply: () => {},
  revert: (operation, { root }) => {
    for (const path of emptyBackups(operation)) rmSync(contained(root, path), { force: true });
    writeFileAtomic(contained(root, operation.requestFile), '');
  },
};

function emptyBackups({ directory, before }: ReplaceEmptyBackups): readonly string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.sql.gz') && !before.includes(name))
    .map((name) => join(directory, name))
    .filter(isEmpty);
}

/** A gzip of nothing has 20 bytes; nothing longer is unpacked to see. */
function isEmpty(path: string): boolean {
  const bytes = readFileSync(path);
  return bytes.length <= 64 && gunzipSync(bytes).length === 0;
}
