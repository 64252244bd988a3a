import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { zoneClock } from '../../../common/timezones.ts';
import type { BackupSource } from '../../../exporter/config.ts';
import { collection, metadata } from './bson-writer.ts';
import { fixture } from './fixtures.ts';
import { at, checks, oddities, type Workspace, workspace } from './workspace.ts';

const day = 86_400;

describe('the MongoDB backups of April Robots Online', () => {
  const declared: Partial<BackupSource> = {
    name: 'mongodb',
    pattern: '%Y-%m-%d-%H-%M/',
    engine: 'mongodb',
    schedule: '0 2,12 * * *',
    timezone: 'Asia/Almaty',
    clock: 'Asia/Almaty',
    grace: 3600,
    settle: 300,
    retention: { age: 14 * day, tolerance: 2 * day, floor: 4 },
  };
  const almaty = zoneClock('Asia/Almaty');

  /** One dump, begun at the instant and written for four minutes. */
  function dump({ write }: Workspace, begun: number): string {
    const { year, month, day: date, hour, minute } = almaty.civil(begun);
    const name = [year, month, date, hour, minute].map((part) => String(part).padStart(2, '0')).join('-');
    write(`${name}/fastapi/robots.metadata.json`, metadata('robots'), begun + 1);
    write(`${name}/fastapi/robots.bson`, collection(50), begun + 240);
    return name;
  }

  /** Every dump of the month before `until`. */
  function month(place: Workspace, until: number): void {
    for (let begun = at('2026-10-20T02:00:00+05:00'); begun < until; begun += day) {
      dump(place, begun);
      if (begun + 36_000 < until) dump(place, begun + 36_000);
    }
  }

  test('are fresh, and the newest is verified', () => {
    const place = workspace(declared);
    month(place, at('2026-11-20T12:30:00+05:00'));
    const reading = place.read(at('2026-11-20T12:30:00+05:00'));
    expect(reading.newest).toMatchObject({
      path: '2026-11-20-12-00',
      time: { start: at('2026-11-20T12:00:00+05:00'), end: at('2026-11-20T12:00:59+05:00') },
      size: collection(50).length + metadata('robots').length,
    });
    expect(reading.expectation).toMatchObject({ missedRuns: 0, next: at('2026-11-21T02:00:00+05:00') });
    expect(checks(reading)).toEqual({ readable: true, not_empty: true, metadata: true, framing: true });
    expect(reading.medianSize).toBe(reading.newest?.size);
  });

  test('that the cleanup with find -mtime +14 leaves are never kept too long, at any hour of a day', () => {
    const cleanup = at('2026-11-20T03:00:00+05:00');
    for (const hour of [0, 8, 16, 23.9]) {
      const place = workspace(declared);
      month(place, cleanup + hour * 3600);
      const kept = oldDirectories(place.root, cleanup);
      expect(kept.length).toBeGreaterThan(0);
      for (const name of kept) rmSync(join(place.root, name), { recursive: true });
      expect(place.read(cleanup + hour * 3600 + 900).overkept).toBe(0);
    }
  });

  /** What `find -maxdepth 0 -type d -mtime +14` would delete at that time: GNU find compares with its own clock. */
  function oldDirectories(root: string, now: number): readonly string[] {
    const shift = Date.now() / 1000 - now;
    const names = readdirSync(root);
    const times = new Map(names.map((name) => [name, statSync(join(root, name)).mtimeMs / 1000]));
    for (const [name, time] of times) utimesSync(join(root, name), time + shift, time + shift);
    const arguments_ = [...names.map((name) => join(root, name)), '-maxdepth', '0', '-type', 'd', '-mtime', '+14'];
    const found = execFileSync('find', arguments_, { encoding: 'utf8' }).split('\n').filter(Boolean);
    for (const [name, time] of times) utimesSync(join(root, name), time, time);
    return found.map((path) => path.slice(root.length + 1));
  }

  test('that the cleanup no longer deletes are kept too long', () => {
    const place = workspace(declared);
    month(place, at('2026-11-20T12:30:00+05:00'));
    expect(place.read(at('2026-11-20T12:30:00+05:00')).overkept).toBe(32);
  });

  test('are missed when the noon run has left nothing, or an empty directory', () => {
    const place = workspace(declared);
    month(place, at('2026-11-20T12:00:00+05:00'));
    mkdirSync(join(place.root, '2026-11-20-12-00'));
    utimesSync(join(place.root, '2026-11-20-12-00'), at('2026-11-20T12:00:00+05:00'), at('2026-11-20T12:00:00+05:00'));
    const reading = place.read(at('2026-11-20T13:00:00+05:00'));
    expect(oddities(reading)).toEqual({ '2026-11-20-12-00': 'invalid: empty' });
    expect(reading).toMatchObject({ newest: { path: '2026-11-20-02-00' }, expectation: { missedRuns: 1 } });
  });

  test('named by a clock that is still at UTC+6 appear in the future, not as fresh', () => {
    const place = workspace(declared);
    dump(place, at('2026-11-19T12:00:00+05:00'));
    dump(place, at('2026-11-20T13:00:00+05:00'));
    const reading = place.read(at('2026-11-20T12:10:00+05:00'));
    expect(oddities(reading)).toEqual({ '2026-11-20-13-00': 'future: ahead_of_clock' });
    expect(reading.newest?.path).toBe('2026-11-19-12-00');
  });
});

describe('the PostgreSQL backups of the school platform', () => {
  const declared: Partial<BackupSource> = {
    name: 'school-database',
    pattern: 'school_platform_%Y%m%d_%H%M%S.sql.gz',
    engine: 'postgres',
    schedule: '0 3 * * *',
    timezone: 'Australia/Perth',
    clock: 'Australia/Perth',
    grace: 3600,
    settle: 120,
    retention: { age: 30 * day, tolerance: 2 * day, floor: 7 },
  };
  const dump = gzipSync(fixture('postgres/plain.sql'));
  const perth = zoneClock('Australia/Perth');
  const last = at('2026-11-20T03:00:00+08:00');
  const now = last + 1800;

  function nameAt(begun: number, seconds = 2): string {
    const { year, month, day: date, hour, minute } = perth.civil(begun);
    const [mm, dd, hh, min, ss] = [month, date, hour, minute, seconds].map((part) => String(part).padStart(2, '0'));
    return `school_platform_${year}${mm}${dd}_${hh}${min}${ss}.sql.gz`;
  }

  /** The dumps of the last `days` days, the older half with sidecars. */
  function nightly({ write }: Workspace, days: number, content: Uint8Array = dump): void {
    for (let index = 0; index < days; index += 1) {
      const begun = last - index * day;
      write(nameAt(begun), index === 0 ? content : dump, begun + 30);
      if (index % 2 === 0)
        write(`${nameAt(begun)}.meta.json`, JSON.stringify({ size: dump.length, verified: true }), begun + 31);
    }
  }

  test('are fresh with and without sidecars, which are neither counted nor needed', () => {
    const place = workspace(declared);
    nightly(place, 31);
    symlinkSync(nameAt(last), join(place.root, 'latest'));
    const reading = place.read(now);
    expect(reading).toMatchObject({
      artifacts: { complete: 31, unrecognised: 0 },
      newest: { path: nameAt(last), size: dump.length },
      storedBytes: 31 * dump.length,
      overkept: 0,
      expectation: { missedRuns: 0, interval: day, next: last + day },
    });
    expect(checks(reading)).toEqual({
      readable: true,
      gzip: true,
      not_empty: true,
      header: true,
      trailer: true,
      sidecar: true,
      attested: true,
    });
  });

  test('by hand and before a restore are counted apart, and hide no missed run', () => {
    const place = workspace({ ...declared, others: ['school_platform_manual_*', 'school_platform_safety_*'] });
    nightly(place, 5);
    rmSync(join(place.root, nameAt(last)));
    for (const origin of ['manual', 'safety'])
      place.write(nameAt(last + 1800).replace('platform_', `platform_${origin}_`), dump, last + 1800);
    expect(place.read(last + 3600)).toMatchObject({
      artifacts: { complete: 4, other: 2, unrecognised: 0 },
      newest: { path: nameAt(last - day) },
      expectation: { missedRuns: 1, next: last + day },
    });
  });

  test.each([
    ['pg_dump failed at once', gzipSync(''), 'invalid: empty'],
    [
      'pg_dump failed in the middle',
      gzipSync(fixture('postgres/plain.sql').subarray(0, 30_000)),
      'incomplete: trailer_missing',
    ],
    ['the disk was full', dump.subarray(0, 4000), 'incomplete: truncated'],
  ])('are not fresh by an artifact of last night when %s', (_title, content, state) => {
    const place = workspace(declared);
    nightly(place, 5, content);
    const reading = place.read(last + 3600);
    expect(oddities(reading)).toEqual({ [nameAt(last)]: state });
    expect(reading).toMatchObject({ newest: { path: nameAt(last - day) }, expectation: { missedRuns: 1 } });
  });

  test('older than thirty days are kept too long two days later', () => {
    const place = workspace(declared);
    nightly(place, 32);
    expect(place.read(last + day).overkept).toBe(0);
    expect(place.read(last + day + 60).overkept).toBe(1);
  });

  test('deleted by hand are no missed run, but deleted early', () => {
    const place = workspace(declared);
    nightly(place, 10);
    place.read(now);
    rmSync(join(place.root, nameAt(last - 5 * day)));
    const reading = place.read(now + 60);
    expect(reading).toMatchObject({ deletedEarly: 1, expectation: { missedRuns: 0 }, artifacts: { complete: 9 } });
  });
});
