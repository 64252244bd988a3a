import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeFileAtomic } from '../../common/files.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lookout-files-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('a file is written with its directories and exactly its mode', () => {
  const before = process.umask(0o077);
  try {
    writeFileAtomic(join(root, 'a/b/open.yml'), 'text');
    expect(modeOf(join(root, 'a/b/open.yml'))).toBe(0o644);
  } finally {
    process.umask(before);
  }
});

test('a private file lies in a private directory', () => {
  writeFileAtomic(join(root, 'credentials/token'), 'secret', 0o600);
  expect([modeOf(join(root, 'credentials')), modeOf(join(root, 'credentials/token'))]).toEqual([0o700, 0o600]);
});

test('a file is replaced whole, and nothing is left beside it', () => {
  const path = join(root, 'rules.yml');
  writeFileAtomic(path, 'a longer text');
  writeFileAtomic(path, new Uint8Array([111, 107]));
  expect(readFileSync(path, 'utf8')).toBe('ok');
  expect(readdirSync(root)).toEqual(['rules.yml']);
});

test('a reader of the old file keeps its bytes', () => {
  const path = join(root, 'rules.yml');
  writeFileAtomic(path, 'old');
  const inode = statSync(path).ino;
  writeFileAtomic(path, 'new');
  expect(statSync(path).ino).not.toBe(inode);
});

test('a failed write leaves the old file and nothing beside it', () => {
  mkdirSync(join(root, 'taken'));
  writeFileSync(join(root, 'taken/file'), '');
  expect(() => writeFileAtomic(join(root, 'taken'), 'text')).toThrow();
  expect(readdirSync(root)).toEqual(['taken']);
});

test('a symbolic link is replaced, never followed', () => {
  writeFileSync(join(root, 'target'), 'kept');
  symlinkSync('target', join(root, 'link'));
  writeFileAtomic(join(root, 'link'), 'new');
  expect([readFileSync(join(root, 'target'), 'utf8'), readFileSync(join(root, 'link'), 'utf8')]).toEqual([
    'kept',
    'new',
  ]);
  chmodSync(join(root, 'link'), 0o600);
});
