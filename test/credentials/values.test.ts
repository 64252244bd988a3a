import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UserError } from '../../common/problems.ts';
import {
  exposure,
  readValue,
  refusal as refusalOf,
  resolveValues,
  type Secrets,
  whereFrom,
} from '../../provision/credentials/values.ts';
import { temporaryDirectory } from '../local/support.ts';

const bench = (env: Readonly<Record<string, string>> = {}) => {
  const directory = temporaryDirectory();
  const vault = { directory: join(directory.path, 'credentials'), env };
  return { directory, vault, [Symbol.dispose]: () => directory[Symbol.dispose]() };
};
const generate = { kind: 'generate' } as const;

/** What resolving says; it must refuse. */
function refusal(secrets: Secrets, vault: Parameters<typeof resolveValues>[1]): string {
  try {
    resolveValues(secrets, vault);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

test('a generated value is made once, kept in a private file, and different for each secret', () => {
  using at = bench();
  const first = resolveValues({ one: generate, two: generate }, at.vault);
  expect(first.get('one')).toMatch(/^[\w-]{43}$/);
  expect(first.get('one')).not.toBe(first.get('two'));
  expect(readFileSync(join(at.vault.directory, 'one'), 'utf8')).toBe(`${first.get('one')}\n`);
  expect(statSync(join(at.vault.directory, 'one')).mode & 0o777).toBe(0o600);
  expect(statSync(at.vault.directory).mode & 0o777).toBe(0o700);
  expect(resolveValues({ one: generate, two: generate }, at.vault)).toEqual(first);
});

test('a value comes from a variable or a file, whose line end is not part of it', () => {
  using at = bench({ PASSWORD: 'of the variable' });
  const path = join(at.directory.path, 'password');
  for (const text of ['of the file', 'of the file\n', 'of the file\r\n']) {
    writeFileSync(path, text);
    const values = resolveValues({ a: { kind: 'env', name: 'PASSWORD' }, b: { kind: 'file', path } }, at.vault);
    expect([...values.values()]).toEqual(['of the variable', 'of the file']);
  }
  expect(existsSync(at.vault.directory)).toBe(false);
});

test('every secret without a usable value is named with the place, and no value is told', () => {
  using at = bench({ EMPTY: ' ', BROKEN: 'first-half\nsecond-half', TABBED: 'with\ttab' });
  const absent = join(at.directory.path, 'absent');
  const message = refusal(
    {
      a: { kind: 'env', name: 'MISSING' },
      b: { kind: 'env', name: 'EMPTY' },
      c: { kind: 'env', name: 'BROKEN' },
      d: { kind: 'env', name: 'TABBED' },
      e: { kind: 'file', path: absent },
      f: { kind: 'kubernetes', secret: 'mail', key: 'password' },
    },
    at.vault,
  );
  expect(message.split('\n')).toEqual([
    'secret a is missing: environment variable MISSING',
    'secret b is empty: environment variable EMPTY',
    'secret c has a line break or another control character in it: environment variable BROKEN',
    'secret d has a line break or another control character in it: environment variable TABBED',
    `secret e is missing: ${absent}`,
    'secret f is missing: key password of the Secret mail',
  ]);
  expect(message).not.toMatch(/half|with.tab/);
});

test('a file that cannot be read is an error that names secret and file', () => {
  using at = bench();
  const path = join(at.directory.path, 'folder');
  mkdirSync(path);
  expect(refusal({ a: { kind: 'file', path } }, at.vault)).toBe(`secret a: cannot read ${path}`);
});

test('looking at a secret makes none', () => {
  using at = bench();
  expect(readValue('one', generate, at.vault)).toBeUndefined();
  expect(existsSync(at.vault.directory)).toBe(false);
  expect(whereFrom('one', generate, at.vault)).toBe(join(at.vault.directory, 'one'));
});

test('a file that others may read is told with the remedy', () => {
  using at = bench();
  resolveValues({ one: generate }, at.vault);
  expect(exposure('one', generate, at.vault)).toBeUndefined();
  const path = join(at.vault.directory, 'one');
  chmodSync(path, 0o644);
  expect(exposure('one', generate, at.vault)).toBe(`${path} has mode 644: chmod 600 it`);
  expect(exposure('two', generate, at.vault)).toBe(`${join(at.vault.directory, 'two')} does not exist`);
  expect(exposure('three', { kind: 'env', name: 'X' }, at.vault)).toBeUndefined();
});

test('a document of a Secret may have several lines, any other value not', () => {
  const part = { kind: 'kubernetes', secret: 'exporter-tls', key: 'tls.crt' } as const;
  expect(refusalOf('line\nline\n', { ...part, document: true })).toBeUndefined();
  expect(refusalOf('\n', { ...part, document: true })).toBe('is empty');
  expect(refusalOf('line\nline\n', part)).toBe('has a line break or another control character in it');
});
