import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import { writeFileAtomic } from '../../common/files.ts';

const folder = resolve(import.meta.dirname, '../golden');

/**
 * Compares with `test/golden/<path>`, byte for byte. `UPDATE_GOLDEN=1 npx vitest run <test file>` writes it instead; read
 * the difference in Git before committing it.
 */
export function expectGolden(path: string, content: string): void {
  expectFile(join(folder, path), content);
}

/** The same for a generated file at any absolute path. */
export function expectFile(file: string, content: string): void {
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileAtomic(file, content);
  const golden = existsSync(file) ? readFileSync(file, 'utf8') : '';
  expect(content, `${file} differs; if that is meant, run this test with UPDATE_GOLDEN=1 and read the diff`).toBe(
    golden,
  );
}
