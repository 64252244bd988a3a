import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readManifest, writeOutputs } from '../../provision/build/write.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lookout-write-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const file = (path: string, content: string) => ({ path, content });
const read = (path: string) => readFileSync(join(directory, path), 'utf8');

describe('writing outputs', () => {
  test('lists every file in the manifest with the SHA-256 of its bytes', () => {
    writeOutputs(directory, 'shop', [file('a/b.yml', 'hello\n')]);
    expect(readManifest(directory)).toEqual({
      stack: 'shop',
      files: { 'a/b.yml': '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03' },
    });
  });

  test('does not touch a file that is already right', () => {
    writeOutputs(directory, 'shop', [file('a.yml', 'one')]);
    const inode = statSync(join(directory, 'a.yml')).ino;
    const written = writeOutputs(directory, 'shop', [file('a.yml', 'one')]);
    expect(written).toEqual({ created: [], updated: [], deleted: [], unchanged: 1 });
    expect(statSync(join(directory, 'a.yml')).ino).toBe(inode);
  });

  test('repairs a file that somebody changed', () => {
    writeOutputs(directory, 'shop', [file('a.yml', 'one')]);
    writeFileSync(join(directory, 'a.yml'), 'other');
    expect(writeOutputs(directory, 'shop', [file('a.yml', 'one')]).updated).toEqual(['a.yml']);
    expect(read('a.yml')).toBe('one');
  });

  test('removes files that an earlier build wrote, with the folders that become empty', () => {
    writeOutputs(directory, 'shop', [file('old/deep/a.yml', 'one'), file('b.yml', 'two')]);
    expect(writeOutputs(directory, 'shop', [file('b.yml', 'two')]).deleted).toEqual(['old/deep/a.yml']);
    expect(existsSync(join(directory, 'old'))).toBe(false);
  });

  test('never removes a file that no build wrote', () => {
    writeOutputs(directory, 'shop', [file('old/a.yml', 'one')]);
    writeFileSync(join(directory, 'old', 'mine.txt'), 'mine');
    writeOutputs(directory, 'shop', []);
    expect(read('old/mine.txt')).toBe('mine');
  });

  test('refuses a directory with files that no build wrote', () => {
    writeFileSync(join(directory, 'mine.txt'), 'mine');
    expect(() => writeOutputs(directory, 'shop', [])).toThrow(/holds files but no manifest.json/);
  });

  test('within a scope leaves the other files and their entries alone', () => {
    writeOutputs(directory, 'shop', [file('rules/a.yml', 'one'), file('grafana/b.json', 'two')]);
    const written = writeOutputs(directory, 'shop', [file('grafana/c.json', 'three')], (path) =>
      path.startsWith('grafana/'),
    );
    expect(written).toMatchObject({ created: ['grafana/c.json'], deleted: ['grafana/b.json'] });
    expect(Object.keys(readManifest(directory).files)).toEqual(['grafana/c.json', 'rules/a.yml']);
    expect(read('rules/a.yml')).toBe('one');
  });
});
