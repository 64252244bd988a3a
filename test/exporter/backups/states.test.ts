import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { realFiles } from '../../../exporter/reader/files.ts';
import type { Files } from '../../../exporter/reader/task.ts';
import { at, noon, oddities, unprivileged, workspace } from './workspace.ts';

const minute = 60;
const gz = gzipSync('a dump');
const bigger = gzipSync('a longer dump of the same database');

/** The real file system, but for one call on one file. */
function failing(call: 'lstat' | 'readRange', name: string, error: Error): Files {
  const files = realFiles(() => undefined);
  const guard = (path: string): string => {
    if (path.endsWith(name)) throw error;
    return path;
  };
  if (call === 'lstat') return { ...files, lstat: (path) => files.lstat(guard(path)) };
  return { ...files, readRange: (path, ...range) => files.readRange(guard(path), ...range) };
}

describe('an artifact', () => {
  test('that is old enough and sound is complete', () => {
    const { write, read } = workspace();
    write('shop_20261120_030000.sql.gz', gz);
    expect(read(noon)).toMatchObject({
      artifacts: { complete: 1 },
      newest: { path: 'shop_20261120_030000.sql.gz', time: { start: at('2026-11-20T03:00:00Z') } },
      notes: [],
    });
  });

  test('that was written to just now is in progress until it has rested', () => {
    const { write, read } = workspace();
    write('shop_20261120_120000.sql.gz', gz, noon + 5);
    expect(oddities(read(noon + 10))).toEqual({ 'shop_20261120_120000.sql.gz': 'in_progress: settling' });
    expect(read(noon + 10 + minute).artifacts).toMatchObject({ in_progress: 0, complete: 1 });
  });

  test('that grows between two readings is in progress although its time of modification is old', () => {
    const { write, read } = workspace();
    write('shop_20261120_110000.sql.gz.tmp');
    read(noon);
    write('shop_20261120_110000.sql.gz', gz, noon + 30);
    expect(read(noon + 31).artifacts.in_progress).toBe(1);
    write('shop_20261120_110000.sql.gz', bigger, noon + 80);
    expect(read(noon + 82).artifacts.in_progress).toBe(1);
    expect(read(noon + 150).artifacts.complete).toBe(1);
  });

  test('whose time of modification lies ahead is complete once it has not changed for long enough', () => {
    const { write, read } = workspace();
    write('shop_20261120_110000.sql.gz', gz, noon + 3600);
    expect(read(noon).artifacts.in_progress).toBe(1);
    expect(read(noon + 59).artifacts.in_progress).toBe(1);
    expect(read(noon + 60).artifacts.complete).toBe(1);
  });

  test('with a temporary name is in progress, and incomplete when nothing has written to it for the grace of a run', () => {
    const { write, read } = workspace();
    write('shop_20261120_115900.sql.gz.tmp', gz, noon - 10);
    write('shop_20261119_030000.sql.gz.part', gz, noon - 86_400);
    expect(oddities(read(noon))).toEqual({
      'shop_20261120_115900.sql.gz.tmp': 'in_progress: temporary_name',
      'shop_20261119_030000.sql.gz.part': 'incomplete: abandoned',
    });
    expect(read(noon + 590).artifacts).toMatchObject({ in_progress: 0, incomplete: 2 });
  });

  test('with a temporary name is not called abandoned before it has rested, however short the grace', () => {
    const { write, read } = workspace({ grace: 0 });
    write('shop_20261120_115900.sql.gz.tmp', gz, noon - 10);
    expect(read(noon).artifacts.in_progress).toBe(1);
    expect(read(noon + 50).artifacts.incomplete).toBe(1);
  });

  test('from the future is neither the newest nor complete, and becomes both when its time has come', () => {
    const { write, read } = workspace();
    write('shop_20261120_030000.sql.gz', gz);
    write('shop_20261120_170000.sql.gz', gz);
    const reading = read(noon);
    expect(oddities(reading)).toEqual({ 'shop_20261120_170000.sql.gz': 'future: ahead_of_clock' });
    expect(reading.newest?.path).toBe('shop_20261120_030000.sql.gz');
    expect(reading.notes[0]?.text).toContain('clock');
    expect(read(at('2026-11-20T17:00:00Z')).newest?.path).toBe('shop_20261120_170000.sql.gz');
  });

  test('of no bytes is invalid and does not stand for a run', () => {
    const { write, read } = workspace();
    write('shop_20261120_030000.sql.gz', '');
    const reading = read(noon);
    expect(oddities(reading)).toEqual({ 'shop_20261120_030000.sql.gz': 'invalid: empty' });
    expect(reading.newest).toBeNull();
  });

  test.each(['lstat', 'readRange'] as const)('that vanishes before %s is not counted', (call) => {
    const { write, read } = workspace();
    write('shop_20261120_030000.sql.gz', gz);
    const gone = Object.assign(new Error('ENOENT: gone'), { code: 'ENOENT' });
    const files = failing(call, 'shop_20261120_030000.sql.gz', gone);
    expect(read(noon, { files }).artifacts.complete).toBe(0);
  });

  test('of the same time as another is the newest by its name', () => {
    const { write, read } = workspace({ pattern: '*_%Y%m%d.gz' });
    for (const part of ['b', 'c', 'a']) write(`${part}_20261119.gz`, gz);
    expect(read(noon).newest?.path).toBe('c_20261119.gz');
  });

  test('that may not be read stays complete and says that nothing about it is verified', () => {
    const { root, write, read } = workspace();
    write('shop_20261120_030000.sql.gz', gz);
    chmodSync(root, 0o755);
    chmodSync(join(root, 'shop_20261120_030000.sql.gz'), 0);
    const reading = unprivileged(() => read(noon));
    expect(reading.artifacts.complete).toBe(1);
    expect(oddities(reading)).toEqual({ 'shop_20261120_030000.sql.gz': 'complete: not_permitted' });
    chmodSync(join(root, 'shop_20261120_030000.sql.gz'), 0o644);
    expect(oddities(unprivileged(() => read(noon + 60)))).toEqual({});
  });

  test('that the disk cannot give back is invalid', () => {
    const { write, read } = workspace();
    write('shop_20261120_030000.sql.gz', gz);
    const broken = Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    const files = failing('readRange', 'shop_20261120_030000.sql.gz', broken);
    expect(oddities(read(noon, { files }))).toEqual({ 'shop_20261120_030000.sql.gz': 'invalid: unreadable' });
  });
});

describe('a directory', () => {
  test('with foreign files alone has no artifact, counts them and names some', () => {
    const { write, read } = workspace();
    for (let index = 0; index < 300; index += 1) write(`notes-${index}.txt`);
    const reading = read(noon);
    expect(reading.artifacts).toMatchObject({ complete: 0, unrecognised: 300 });
    expect(reading.newest).toBeNull();
    expect(reading.notes).toHaveLength(20);
  });

  test('that holds what only looks like an artifact counts it as unrecognised', () => {
    const { write, read } = workspace({ pattern: '%Y-%m-%d/' });
    write('2026-11-19', 'a file where a directory is declared');
    write('2026-02-30/dump.bson');
    write('2026-13-01/dump.bson');
    write('2026-11-20/dump.bson');
    expect(read(noon).artifacts).toMatchObject({ complete: 1, unrecognised: 3 });
  });

  test('that is empty has none, and neither has one where the pattern matches nothing', () => {
    const { read } = workspace();
    expect(read(noon)).toMatchObject({ newest: null, oldest: null, medianSize: null, storedBytes: 0 });
  });

  test('is not recognised less for sidecars, logs, declared others and what storage systems put there', () => {
    const { root, write, read } = workspace({ ignore: ['manual-*', 'keep/*.txt', '*.yaml'] });
    write('shop_20261120_030000.sql.gz', gz);
    const known = ['.meta.json', '.sha256', '.log'].map((ending) => `shop_20261120_030000.sql.gz${ending}`);
    const others = [
      'shop_20261120_030000.meta.json',
      'shop_20261119_030000.sql.gz.meta.json',
      'manual-1.sql',
      'a.yaml',
    ];
    for (const path of [...known, ...others, '.nfs0001', '@Recycle/x']) write(path);
    mkdirSync(join(root, 'lost+found'));
    expect(read(noon).artifacts).toMatchObject({ complete: 1, unrecognised: 0 });
  });

  test('counts artifacts of another origin apart, and neither measures them nor takes them for a run', () => {
    const { root, write, read } = workspace({
      pattern: 'shop_%Y%m%d*',
      others: ['*_by-hand.sql.gz', 'before-restore'],
      retention: { age: 60, tolerance: 0, floor: 1 },
    });
    write('shop_20261118.sql.gz', gz);
    write('shop_20261119_by-hand.sql.gz', gz);
    write('shop_20261119_by-hand.sql.gz.meta.json', '{}');
    write('before-restore/shop_20261119.sql.gz', gz);
    const reading = read(noon);
    expect(reading).toMatchObject({
      artifacts: { complete: 1, other: 2, unrecognised: 0 },
      newest: { path: 'shop_20261118.sql.gz' },
      storedBytes: gz.length,
      overkept: 1,
    });
    expect(oddities(reading)).toEqual({ 'shop_20261119_by-hand.sql.gz': 'other', 'before-restore': 'other' });
    rmSync(join(root, 'shop_20261119_by-hand.sql.gz'));
    expect(read(noon + 60)).toMatchObject({ artifacts: { other: 1 }, deletedEarly: 0 });
  });

  test('does not take an ignored name for an artifact although it fits the pattern', () => {
    const { write, read } = workspace({ pattern: 'shop_%Y%m%d*', ignore: ['*_before-restore.sql.gz'] });
    write('shop_20261119.sql.gz', gz);
    write('shop_20261120_before-restore.sql.gz', gz);
    expect(read(noon).newest?.path).toBe('shop_20261119.sql.gz');
  });

  test('does not take a sidecar or a temporary file for an artifact although a wide pattern fits it', () => {
    const { write, read } = workspace({ pattern: 'shop_%Y%m%d*' });
    write('shop_20261119.sql.gz', gz);
    write('shop_20261119.sql.gz.meta.json', '{}');
    write('shop_20261120.sql.gz.tmp', gz, noon);
    expect(read(noon).artifacts).toMatchObject({ complete: 1, in_progress: 1, unrecognised: 0 });
  });

  test('counts no symbolic link, wherever it leads', () => {
    const elsewhere = workspace();
    elsewhere.write('shop_20261120_090000.sql.gz', gz);
    const { root, write, read } = workspace({ pattern: '*/shop_%Y%m%d_%H%M%S.sql.gz' });
    write('daily/shop_20261120_030000.sql.gz', gz);
    symlinkSync('shop_20261120_030000.sql.gz', join(root, 'daily/latest'));
    symlinkSync('shop_20261120_030000.sql.gz', join(root, 'daily/shop_20261120_040000.sql.gz'));
    symlinkSync(elsewhere.root, join(root, 'elsewhere'));
    symlinkSync('..', join(root, 'daily/up'));
    symlinkSync('nowhere', join(root, 'broken'));
    expect(read(noon)).toMatchObject({
      artifacts: { complete: 1, unrecognised: 0 },
      newest: { path: 'daily/shop_20261120_030000.sql.gz' },
      storedBytes: gz.length,
    });
  });

  test('may itself be reached by a link', () => {
    const real = workspace();
    real.write('shop_20261120_030000.sql.gz', gz);
    const { root, read } = workspace();
    symlinkSync(real.root, join(root, 'link'));
    expect(read(noon, { source: { directory: join(root, 'link') } }).artifacts.complete).toBe(1);
  });

  test('is searched as deep as the pattern goes, and no deeper', () => {
    const { write, read } = workspace({ pattern: '%Y/%m/dump_%Y%m%d.gz' });
    write('2026/11/dump_20261120.gz', gz);
    write('2026/10/dump_20261120.gz');
    write('2026/11/deep/dump_20261120.gz');
    write('old/11/dump_20251120.gz');
    expect(read(noon).artifacts).toMatchObject({ complete: 1, unrecognised: 3 });
  });

  test.each([
    ['that is missing', 'missing', 'not_found'],
    ['that is a file', 'file', 'not_a_directory'],
    ['that may not be listed', 'closed', 'permission_denied'],
  ])('%s ends the reading with its reason and its name', (_title, name, reason) => {
    const { root, write, read } = workspace();
    write('file');
    mkdirSync(join(root, 'closed'), { mode: 0 });
    chmodSync(root, 0o755);
    const attempt = () => unprivileged(() => read(noon, { source: { directory: join(root, name) } }));
    expect(attempt).toThrow(expect.objectContaining({ reason }));
    expect(attempt).toThrow(`could not list ${join(root, name)}: `);
  });

  test('one of whose months may not be listed is not taken for one without backups in that month', () => {
    const { root, write, read } = workspace({ pattern: '%Y-%m/dump_%Y%m%d.gz' });
    write('2026-10/dump_20261020.gz', gz);
    write('2026-11/dump_20261120.gz', gz);
    chmodSync(root, 0o755);
    chmodSync(join(root, '2026-11'), 0);
    expect(() => unprivileged(() => read(noon))).toThrow(`could not list ${join(root, '2026-11')}: EACCES`);
    chmodSync(join(root, '2026-11'), 0o755);
  });
});

describe('a pattern without a time', () => {
  test('takes the time of the last modification, and sees files that are written anew under the same name', () => {
    const { write, read } = workspace({ pattern: '*.yaml', expectedInterval: 86_400 });
    for (let index = 0; index < 10; index += 1) write(`${index}.yaml`, 'kind: Service', noon - 1000 - index);
    expect(read(noon).newest).toMatchObject({ path: '0.yaml', time: { start: noon - 1000 } });
    write('9.yaml', 'kind: Service', noon);
    expect(read(noon + 3600).newest).toMatchObject({ path: '9.yaml', time: { start: noon } });
  });
});
