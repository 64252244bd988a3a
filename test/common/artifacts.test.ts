import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { artifactPattern, patternProblem } from '../../common/artifacts.ts';
import { zoneClock } from '../../common/timezones.ts';

const iso = (instant: number): string => new Date(instant * 1000).toISOString().replace('.000Z', 'Z');
const times = (pattern: string, clock: string, path: string): readonly string[] | undefined => {
  const time = artifactPattern(pattern, clock).read(path)?.time;
  return time ? [iso(time.start), iso(time.end)] : undefined;
};

describe('a pattern', () => {
  test.each([
    ['shop_%Y%m%d_%H%M%S.sql.gz', 'UTC', 'shop_20261120_030000.sql.gz', '2026-11-20T03:00:00Z', '2026-11-20T03:00:00Z'],
    [
      'school_platform_%Y%m%d_%H%M%S.sql.gz',
      'Australia/Perth',
      'school_platform_20261120_030000.sql.gz',
      '2026-11-19T19:00:00Z',
      '2026-11-19T19:00:00Z',
    ],
    ['%Y-%m-%d-%H-%M/', 'Asia/Almaty', '2026-11-20-02-00', '2026-11-19T21:00:00Z', '2026-11-19T21:00:59Z'],
    ['%Y-%m-%d-%H-%M/', 'Asia/Almaty', '2024-02-29-02-00', '2024-02-28T20:00:00Z', '2024-02-28T20:00:59Z'],
    ['%F_%T.dump', 'UTC', '2026-11-20_02:03:04.dump', '2026-11-20T02:03:04Z', '2026-11-20T02:03:04Z'],
    ['%Y/%m/%Y-%m-%d.tar', 'UTC', '2026/11/2026-11-20.tar', '2026-11-20T00:00:00Z', '2026-11-20T23:59:59Z'],
    ['%Y-%m.tar', 'Europe/Berlin', '2026-02.tar', '2026-01-31T23:00:00Z', '2026-02-28T22:59:59Z'],
    ['%y%m%d', 'UTC', '261120', '2026-11-20T00:00:00Z', '2026-11-20T23:59:59Z'],
    ['%d-%b-%Y', 'UTC', '20-Nov-2026', '2026-11-20T00:00:00Z', '2026-11-20T23:59:59Z'],
    ['%Y.%j', 'UTC', '2024.366', '2024-12-31T00:00:00Z', '2024-12-31T23:59:59Z'],
    ['100%%-%s.gz', 'UTC', '100%-1763607600.gz', '2025-11-20T03:00:00Z', '2025-11-20T03:00:00Z'],
    ['d-%Y%m%dT%H%M%S%z', 'UTC', 'd-20261120T030000+0530', '2026-11-19T21:30:00Z', '2026-11-19T21:30:00Z'],
    ['d-%Y%m%dT%H%M%z', 'Asia/Almaty', 'd-20261120T0300Z', '2026-11-20T03:00:00Z', '2026-11-20T03:00:59Z'],
    ['host-*-%Y%m%d_%H.gz', 'UTC', 'host-a.b-20261120_03.gz', '2026-11-20T03:00:00Z', '2026-11-20T03:59:59Z'],
    [
      '/(?<year>\\d{4})(?<month>\\d\\d)(?<day>\\d\\d)-[a-f0-9]+\\.gz/',
      'UTC',
      '20261120-beef.gz',
      '2026-11-20T00:00:00Z',
      '2026-11-20T23:59:59Z',
    ],
    ['/.*@(?<epoch>\\d+)/', 'UTC', 'db@1763607600', '2025-11-20T03:00:00Z', '2025-11-20T03:00:00Z'],
  ])('%s on the clock of %s reads %s', (pattern, clock, path, start, end) => {
    expect(times(pattern, clock, path)).toEqual([start, end]);
  });

  test('reads a time that the clock showed twice as both of its instants', () => {
    expect(times('%F_%H-%M', 'Europe/Berlin', '2026-10-25_02-30')).toEqual([
      '2026-10-25T00:30:00Z',
      '2026-10-25T01:30:59Z',
    ]);
  });

  test('reads a day that began an hour late because midnight was skipped', () => {
    expect(times('%F', 'Africa/Cairo', '2026-04-24')).toEqual(['2026-04-23T22:00:00Z', '2026-04-24T20:59:59Z']);
  });

  test.each([
    ['shop_%Y%m%d_%H%M%S.sql.gz', 'shop_20261120_030000.sql.gz.meta.json'],
    ['shop_%Y%m%d_%H%M%S.sql.gz', 'Shop_20261120_030000.sql.gz'],
    ['shop_%Y%m%d_%H%M%S.sql.gz', 'shop_20261320_030000.sql.gz'],
    ['shop_%Y%m%d_%H%M%S.sql.gz', 'shop_20260230_030000.sql.gz'],
    ['shop_%Y%m%d_%H%M%S.sql.gz', 'shop_20261120_250000.sql.gz'],
    ['shop_%Y%m%d_%H%M%S.sql.gz', 'shop_20261120_030000xsql.gz'],
    ['%Y/%Y%m%d.tar', '2025/20261120.tar'],
    ['%Y%j', '2026366'],
    ['*.yaml', 'a/b.yaml'],
    ['/(?<year>.*)/', 'twenty'],
  ])('%s does not take %s for an artifact', (pattern, path) => {
    expect(artifactPattern(pattern, 'UTC').read(path)).toBeUndefined();
  });

  test('without any part of a time matches names and leaves their time open', () => {
    const pattern = artifactPattern('*.yaml', 'UTC');
    expect(pattern.timed).toBe(false);
    expect(pattern.read('shop.yaml')).toEqual({ time: null });
  });

  test('knows below which directories artifacts lie, and how deep', () => {
    const pattern = artifactPattern('%Y/%m/dump_%d.sql', 'UTC');
    expect(pattern.depth).toBe(3);
    expect(['2026', '2026/11', 'lost+found', '2026/13', '2026/11/20'].map(pattern.leads)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  test('as a regular expression looks as deep as it has slashes', () => {
    const pattern = artifactPattern('/[^/]+/(?<year>\\d{4})\\//', 'UTC');
    expect([pattern.depth, pattern.directory, pattern.leads('any'), pattern.leads('any/2026')]).toEqual([
      2,
      true,
      true,
      false,
    ]);
    expect(pattern.read('any/2026')).toBeDefined();
  });

  test('knows the extensions of its artifacts', () => {
    expect(artifactPattern('%Y_full.sql.gz', 'UTC').extensions).toEqual(['.sql.gz', '.gz', '']);
    expect(artifactPattern('%Y', 'UTC').extensions).toEqual(['']);
  });

  test('that ends with a slash wants directories', () => {
    expect([artifactPattern('%Y/', 'UTC').directory, artifactPattern('%Y', 'UTC').directory]).toEqual([true, false]);
  });
});

describe('a bad pattern', () => {
  test.each([
    ['', 'the pattern is empty'],
    ['/mnt/backups/%Y/', 'does not begin with "/"'],
    ['/mnt/backups', 'does not begin with "/"'],
    ['//', 'does not begin with "/"'],
    ['../%Y', 'without empty parts, "." and ".."'],
    ['a//%Y', 'without empty parts'],
    ['db_%Q.gz', 'the unknown directive "%Q" stands at character 4; known are %Y'],
    ['%Y%', 'a "%" without its letter stands at character 3'],
    ['%F-%Y%e', 'the unknown directive "%e" stands at character 6'],
    ['%Y-%y', '%y at character 4 repeats the year of %Y'],
    ['%m%d', 'the month means nothing without the year'],
    ['%Y%H', 'the hour means nothing without the day or yearday'],
    ['%s-%Y', 'seconds since the epoch need no other part'],
    ['%Y%m%d%j', 'a day of the year needs no month'],
    ['/(?<yaer>\\d+)/', 'unknown group "yaer"; groups are named year, month'],
    ['/(?<day>\\d+)/', 'the day means nothing without the month'],
    ['/(/', 'it is no regular expression'],
    ['a\0%Y', 'no NUL'],
  ])('%j is refused with the place and what is allowed', (pattern, message) => {
    expect(patternProblem(pattern)).toContain(message);
    expect(() => artifactPattern(pattern, 'UTC')).toThrow('cannot read the artifact pattern');
  });

  test('of arbitrary text is refused or works, and never fails otherwise', () => {
    const text = fc.string({ unit: fc.constantFrom(...'%YymdHMSjsbzFT*/.()?<>[]{}\\a_'), maxLength: 16 });
    fc.assert(
      fc.property(text, fc.string(), (pattern, path) => {
        if (patternProblem(pattern) === undefined) artifactPattern(pattern, 'UTC').read(path);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('every time', () => {
  const instants = fc.integer({ min: 946_684_800, max: 2_145_916_800 });
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Almaty', 'America/St_Johns', 'Australia/Lord_Howe');

  test('that is written into a name is read from it again', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const { year, month, day, hour, minute, second } = zoneClock(zone).civil(instant);
        const two = (value: number): string => String(value).padStart(2, '0');
        const name = `${year}/db_${two(month)}${two(day)}-${two(hour)}${two(minute)}${two(second)}.gz`;
        const time = artifactPattern('%Y/db_%m%d-%H%M%S.gz', zone).read(name)?.time;
        expect([time?.start, time?.end]).toContain(instant);
      }),
      { numRuns: 2000 },
    );
  });

  test('lies within what a coarser name tells', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const { year, month, day } = zoneClock(zone).civil(instant);
        const name = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const time = artifactPattern('%F', zone).read(name)?.time;
        expect(time?.start).toBeLessThanOrEqual(instant);
        expect(time?.end).toBeGreaterThanOrEqual(instant);
      }),
      { numRuns: 2000 },
    );
  });
});

test('ten thousand malformed names are no artifacts and harm nothing', () => {
  const pattern = artifactPattern('%Y/shop_%Y%m%d_%H%M%S.sql.gz', 'Europe/Berlin');
  const valid = fc.constant('2026/shop_20261120_030000.sql.gz');
  const mangled = fc.tuple(valid, fc.nat(32), fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }));
  fc.assert(
    fc.property(mangled, ([name, position, junk]) => {
      const path = `${name.slice(0, position)}${junk}${name.slice(position)}`;
      expect(pattern.read(path)).toBeUndefined();
    }),
    { numRuns: 10_000 },
  );
});
