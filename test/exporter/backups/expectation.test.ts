import { describe, expect, test } from 'vitest';
import { artifactPattern } from '../../../common/artifacts.ts';
import { expectation } from '../../../exporter/collectors/backups/expectation.ts';
import type { BackupSource } from '../../../exporter/config.ts';
import { at } from './workspace.ts';

const source: BackupSource = {
  name: 'mongodb',
  directory: '/mnt/backups/mongodb',
  pattern: '%Y-%m-%d-%H-%M/',
  engine: 'mongodb',
  schedule: '0 2,12 * * *',
  timezone: 'Asia/Almaty',
  clock: 'Asia/Almaty',
  expectedInterval: null,
  grace: 3600,
  settle: 60,
  retention: null,
  ignore: [],
};

/** What is expected at `now` when the newest complete artifact has this name; null: when there is none since `since`. */
function expected(declared: Partial<BackupSource>, name: string | null, now: string, since = now) {
  const backup = { ...source, ...declared };
  const time = name === null ? null : (artifactPattern(backup.pattern, backup.clock).read(name)?.time ?? null);
  return expectation(backup, time, at(since), at(now));
}

const missed = (...args: Parameters<typeof expected>) => expected(...args).missedRuns;

describe('a backup at 02:00 and 12:00 in Almaty', () => {
  test('expects its next run after 10 hours, then after 14', () => {
    expect(expected({}, '2026-11-20-02-00', '2026-11-20T02:30:00+05:00')).toEqual({
      missedRuns: 0,
      interval: 36_000,
      next: at('2026-11-20T12:00:00+05:00'),
    });
    expect(expected({}, '2026-11-20-12-00', '2026-11-20T12:30:00+05:00')).toEqual({
      missedRuns: 0,
      interval: 50_400,
      next: at('2026-11-21T02:00:00+05:00'),
    });
  });

  test('misses a run when it and its grace have passed, and none in between', () => {
    expect(missed({}, '2026-11-20-02-00', '2026-11-20T11:59:00+05:00')).toBe(0);
    expect(missed({}, '2026-11-20-02-00', '2026-11-20T12:59:59+05:00')).toBe(0);
    expect(missed({}, '2026-11-20-02-00', '2026-11-20T13:00:00+05:00')).toBe(1);
    expect(missed({}, '2026-11-20-02-00', '2026-11-21T03:00:00+05:00')).toBe(2);
    expect(missed({}, '2026-11-20-12-00', '2026-11-21T02:59:00+05:00')).toBe(0);
    expect(missed({}, '2026-11-20-12-00', '2026-11-21T03:00:00+05:00')).toBe(1);
  });

  test('misses nothing through the night in which Almaty moved from UTC+6 to UTC+5', () => {
    expect(missed({}, '2024-02-29-12-00', '2024-03-01T02:59:00+05:00')).toBe(0);
    expect(missed({}, '2024-03-01-02-00', '2024-03-01T12:59:00+05:00')).toBe(0);
    expect(expected({}, '2024-02-29-12-00', '2024-02-29T12:30:00+06:00').interval).toBe(15 * 3600);
  });

  test('may name its directories by another clock', () => {
    expect(missed({ clock: 'UTC' }, '2026-11-19-21-00', '2026-11-20T11:00:00+05:00')).toBe(0);
    expect(missed({ clock: 'UTC' }, '2026-11-19-21-00', '2026-11-20T13:00:00+05:00')).toBe(1);
  });

  test('without any artifact misses the runs since the directory was first read', () => {
    expect(missed({}, null, '2026-11-20T11:00:00+05:00', '2026-11-20T10:00:00+05:00')).toBe(0);
    expect(missed({}, null, '2026-11-21T13:00:00+05:00', '2026-11-20T10:00:00+05:00')).toBe(3);
  });
});

describe('a backup at 02:30 in Berlin', () => {
  const berlin = { schedule: '30 2 * * *', timezone: 'Europe/Berlin', clock: 'Europe/Berlin' };

  test('is not missed on the day that has no 02:30', () => {
    expect(missed(berlin, '2026-03-28-02-30', '2026-03-29T23:00:00+02:00')).toBe(0);
    expect(missed(berlin, '2026-03-28-02-30', '2026-03-30T03:30:00+02:00')).toBe(1);
  });

  test('is expected once on the day that has 02:30 twice, whenever the scheduler ran it', () => {
    const evening = '2026-10-25T23:00:00+01:00';
    expect(missed(berlin, '2026-10-24-02-30', evening)).toBe(1);
    expect(missed(berlin, '2026-10-25-02-30', evening)).toBe(0);
    expect(missed({ ...berlin, clock: 'UTC' }, '2026-10-25-00-30', evening)).toBe(0);
    expect(missed({ ...berlin, clock: 'UTC' }, '2026-10-25-01-30', evening)).toBe(0);
  });

  test('each hour is not missed in the hour that is repeated', () => {
    const hourly = { ...berlin, schedule: '30 * * * *', grace: 600 };
    expect(missed(hourly, '2026-10-25-02-30', '2026-10-25T02:45:00+01:00')).toBe(0);
    expect(missed(hourly, '2026-10-25-02-30', '2026-10-25T03:45:00+01:00')).toBe(1);
  });
});

describe('a name that holds only the day', () => {
  const daily = { schedule: '0 3 * * *', timezone: 'UTC', clock: 'UTC', pattern: 'shop-%F.sql.gz' };

  test('stands for the run of that day', () => {
    expect(missed(daily, 'shop-2026-11-20.sql.gz', '2026-11-20T23:00:00Z')).toBe(0);
    expect(missed(daily, 'shop-2026-11-20.sql.gz', '2026-11-21T03:59:00Z')).toBe(0);
    expect(missed(daily, 'shop-2026-11-20.sql.gz', '2026-11-21T04:00:00Z')).toBe(1);
  });
});

describe('a backup without a schedule', () => {
  const daily = { schedule: null, expectedInterval: 86_400, timezone: 'UTC', clock: 'UTC', pattern: '%s' };
  const made = String(at('2026-11-20T03:00:00Z'));

  test('misses a run for each interval that has passed with its grace', () => {
    expect(expected(daily, made, '2026-11-20T12:00:00Z')).toEqual({
      missedRuns: 0,
      interval: 86_400,
      next: at('2026-11-21T03:00:00Z'),
    });
    expect(missed(daily, made, '2026-11-21T03:59:59Z')).toBe(0);
    expect(missed(daily, made, '2026-11-21T04:00:00Z')).toBe(1);
    expect(missed(daily, made, '2026-11-24T04:00:00Z')).toBe(4);
  });

  test('and without an interval expects nothing', () => {
    expect(expected({ ...daily, expectedInterval: null }, made, '2026-11-24T04:00:00Z')).toEqual({
      missedRuns: null,
      interval: null,
      next: null,
    });
  });
});

test('of a backup that stopped a year ago at one a minute the runs are counted no further than a thousand', () => {
  const each = { schedule: '* * * * *', timezone: 'UTC', clock: 'UTC', pattern: '%s' };
  expect(missed(each, String(at('2025-11-20T03:00:00Z')), '2026-11-20T03:00:00Z')).toBe(1000);
});
