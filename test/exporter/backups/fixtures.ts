import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path of a dump that test/fixtures/backups/record.sh has recorded. */
export function fixturePath(path: string): string {
  return fileURLToPath(new URL(`../../fixtures/backups/${path}`, import.meta.url));
}

export function fixture(path: string): Buffer {
  return readFileSync(fixturePath(path));
}
