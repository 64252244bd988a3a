import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CivilTime, isTimeZone, zoneClock } from '../../common/timezones.ts';

const at = (text: string): number => Date.parse(text) / 1000;
const civil = (year: number, month: number, day: number, hour = 0, minute = 0, second = 0): CivilTime => ({
  year,
  month,
  day,
  hour,
  minute,
  second,
});

test.each(['UTC', 'Europe/Berlin', 'Asia/Almaty', 'Australia/Perth', 'etc/utc', 'Asia/Calcutta'])(
  '%s is a time zone',
  (name) => {
    expect(isTimeZone(name)).toBe(true);
  },
);

test.each(['', 'Europe/Berln', '+02:00', 'Asia', 'Mars/Olympus', 'Europe/Berlin ', '../etc'])(
  '"%s" is none',
  (name) => {
    expect(isTimeZone(name)).toBe(false);
  },
);

describe('a clock', () => {
  const berlin = zoneClock('Europe/Berlin');

  test('shows the local time of an instant', () => {
    expect(zoneClock('Asia/Almaty').civil(at('2026-11-19T21:00:00Z'))).toEqual(civil(2026, 11, 20, 2));
    expect(zoneClock('Australia/Perth').civil(at('2026-11-19T19:00:00Z'))).toEqual(civil(2026, 11, 20, 3));
  });

  test('knows that Almaty moved from UTC+6 to UTC+5 on 1 March 2024', () => {
    const almaty = zoneClock('Asia/Almaty');
    expect(almaty.instants(civil(2024, 2, 29, 2))?.first).toBe(at('2024-02-28T20:00:00Z'));
    expect(almaty.instants(civil(2024, 3, 1, 2))?.first).toBe(at('2024-02-29T21:00:00Z'));
    expect(almaty.instants(civil(2024, 2, 29, 23, 30))).toEqual({
      first: at('2024-02-29T17:30:00Z'),
      last: at('2024-02-29T18:30:00Z'),
      skipped: false,
    });
  });

  test('shows a repeated time at two instants', () => {
    expect(berlin.instants(civil(2026, 10, 25, 2, 30))).toEqual({
      first: at('2026-10-25T00:30:00Z'),
      last: at('2026-10-25T01:30:00Z'),
      skipped: false,
    });
  });

  test('never shows a skipped time, which is then read with the offset before the change', () => {
    const instant = at('2026-03-29T01:30:00Z');
    expect(berlin.instants(civil(2026, 3, 29, 2, 30))).toEqual({ first: instant, last: instant, skipped: true });
    expect(berlin.civil(instant)).toEqual(civil(2026, 3, 29, 3, 30));
  });

  test.each([
    civil(2026, 2, 29),
    civil(2026, 13, 1),
    civil(2026, 4, 31),
    civil(2026, 1, 1, 24),
    civil(2026, 1, 1, 1, 60),
    civil(Number.NaN, 1, 1),
    civil(2026, 1, Number.NaN),
  ])('knows no instant for an impossible date (%j)', (time) => {
    expect(berlin.instants(time)).toBeUndefined();
  });

  test('leads from every instant to its local time and back', () => {
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'Asia/Almaty',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'Pacific/Apia',
      'Africa/Cairo',
    );
    const instants = fc.integer({ min: at('1975-01-01T00:00:00Z'), max: at('2037-12-31T00:00:00Z') });
    fc.assert(
      fc.property(zones, instants, (zone, instant) => {
        const found = zoneClock(zone).instants(zoneClock(zone).civil(instant));
        expect([found?.first, found?.last]).toContain(instant);
        expect(found?.skipped).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
