import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cronProblem, schedule } from '../../common/cron.ts';
import { type CivilTime, secondsAsUtc, zoneClock } from '../../common/timezones.ts';

const at = (text: string): number => Date.parse(text) / 1000;
const shown = (instant: number | undefined): string | undefined =>
  instant === undefined ? undefined : new Date(instant * 1000).toISOString().replace('.000Z', 'Z');

describe('a cron expression', () => {
  test.each([
    ['61 * * * *', 'minute: "61" is not between 0 and 59'],
    ['0 25 * * *', 'hour: "25" is not between 0 and 23'],
    ['0 0 0 * *', 'day of month: "0" is not between 1 and 31'],
    ['0 0 * 13 *', 'month: "13" is not between 1 and 12'],
    ['0 0 * foo *', 'month: "foo" is not between 1 and 12, nor one of jan, feb'],
    ['0 0 * * 8', 'day of week: "8" is not between 0 and 7'],
    ['*/0 * * * *', 'minute: the step of "*/0" must lie between 1 and 60'],
    ['0 5-3 * * *', 'hour: the range 5-3 runs backwards'],
    ['0 0 * * fri-sun', 'day of week: the range fri-sun runs backwards'],
    ['0 1,,2 * * *', 'hour: "" is not understood'],
    ['0 0 L * *', 'day of month: "L" is not between 1 and 31'],
    ['0 0 * * 5#2', 'day of week: "5#2" is not understood'],
    ['* * *', 'found 3 in "* * *"'],
    ['0 * * * * *', 'found 6 in "0 * * * * *"'],
    ['', 'found 0 in ""'],
    ['@every 1h', 'unknown nickname "@every 1h"'],
    ['0 0 30 2 *', 'never occurs'],
  ])('"%s" is refused with the field, what was found and what is allowed', (expression, message) => {
    expect(cronProblem(expression)).toContain(message);
  });

  test.each([
    '* * * * *',
    '0 2,12 * * *',
    '5/10 * * * *',
    '0 2 ? * 7',
    '@daily',
    '0 0 29 2 *',
    '0 0 * JAN-mar mon-FRI',
  ])('"%s" is accepted', (expression) => {
    expect(cronProblem(expression)).toBeUndefined();
  });

  test('that is refused makes no schedule', () => {
    expect(() => schedule('61 * * * *', 'UTC')).toThrow('cannot read the cron schedule "61 * * * *": minute');
  });

  test('made of arbitrary text is refused or makes a schedule, and never fails otherwise', () => {
    const characters = fc.constantFrom(...'0123456789*/,-?LW#@ monjanfri\t');
    const text = fc.string({ unit: characters, maxLength: 24 });
    fc.assert(
      fc.property(text, (expression) => {
        if (cronProblem(expression) === undefined) expect(schedule(expression, 'UTC').next(0)).toBeTypeOf('number');
      }),
      { numRuns: 2000 },
    );
  });
});

test('a step from one day of the week on ends with Saturday', () => {
  const { next } = schedule('0 0 * * mon/2', 'UTC');
  const days = [next(at('2026-11-15T00:00:00Z'))];
  for (let count = 1; count < 4; count += 1) days.push(next(days.at(-1) ?? 0));
  expect(days.map((day) => new Date((day ?? 0) * 1000).getUTCDay())).toEqual([1, 3, 5, 1]);
});

describe('an irregular schedule', () => {
  const backup = schedule('0 2,12 * * *', 'Asia/Almaty');

  test('has gaps of 10 and 14 hours', () => {
    const night = backup.next(at('2026-11-19T12:00:00Z')) ?? 0;
    const noon = backup.next(night) ?? 0;
    expect([shown(night), shown(noon)]).toEqual(['2026-11-19T21:00:00Z', '2026-11-20T07:00:00Z']);
    expect([noon - night, (backup.next(noon) ?? 0) - noon]).toEqual([10 * 3600, 14 * 3600]);
  });

  test('excludes the instant it is asked about from next and previous', () => {
    const night = at('2026-11-19T21:00:00Z');
    expect(shown(backup.next(night))).toBe('2026-11-20T07:00:00Z');
    expect(shown(backup.previous(night))).toBe('2026-11-19T07:00:00Z');
  });

  test('counts the scheduled times after one instant, up to and with another', () => {
    const night = at('2026-11-19T21:00:00Z');
    expect(backup.count(night, night)).toBe(0);
    expect(backup.count(night, night + 10 * 3600 - 1)).toBe(0);
    expect(backup.count(night, night + 10 * 3600)).toBe(1);
    expect(backup.count(night, night + 7 * 86_400)).toBe(14);
  });

  test('counts no further than asked', () => {
    expect(schedule('* * * * *', 'UTC').count(0, at('2026-01-01T00:00:00Z'), 50)).toBe(50);
  });

  test('follows Almaty from UTC+6 to UTC+5 on 1 March 2024', () => {
    expect(shown(backup.next(at('2024-02-28T12:00:00Z')))).toBe('2024-02-28T20:00:00Z');
    expect(shown(backup.next(at('2024-02-29T12:00:00Z')))).toBe('2024-02-29T21:00:00Z');
  });
});

describe('when clocks change in Berlin', () => {
  const nightly = schedule('30 2 * * *', 'Europe/Berlin');
  const hourly = schedule('30 * * * *', 'Europe/Berlin');

  test('a time that is skipped does not run that day', () => {
    expect(shown(nightly.next(at('2026-03-28T12:00:00Z')))).toBe('2026-03-30T00:30:00Z');
    expect(shown(nightly.previous(at('2026-03-29T12:00:00Z')))).toBe('2026-03-28T01:30:00Z');
  });

  test('a fixed time that is repeated runs once, at its first occurrence', () => {
    expect(shown(nightly.next(at('2026-10-24T12:00:00Z')))).toBe('2026-10-25T00:30:00Z');
    expect(shown(nightly.next(at('2026-10-25T00:30:00Z')))).toBe('2026-10-26T01:30:00Z');
    expect(shown(nightly.previous(at('2026-10-25T12:00:00Z')))).toBe('2026-10-25T00:30:00Z');
  });

  test('a list of fixed times runs each of them once', () => {
    const twice = schedule('0 2,12 * * *', 'Europe/Berlin');
    expect(twice.count(at('2026-10-24T22:00:00Z'), at('2026-10-25T22:00:00Z'))).toBe(2);
  });

  test('an hourly schedule runs every real hour', () => {
    const hours = (from: string, until: string): number => hourly.count(at(from), at(until));
    expect(hours('2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toBe(23);
    expect(hours('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toBe(25);
  });
});

/** Minute by minute, as Kubernetes (robfig/cron/v3) and crond both keep it. */
function oracle(fields: readonly string[], zone: string, from: number, until: number): number[] {
  const clock = zoneClock(zone);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const fixed = !/[*/]/.test(minute + hour);
  const found: number[] = [];
  for (let instant = from; instant <= until; instant += 60) {
    const civil = clock.civil(instant);
    const days = [matches(day, civil.day, 1), matches(weekday, weekdayOf(civil), 0)];
    const dayMatches = day === '*' || weekday === '*' ? days.every(Boolean) : days.some(Boolean);
    const due =
      matches(minute, civil.minute, 0) && matches(hour, civil.hour, 0) && matches(month, civil.month, 1) && dayMatches;
    const instants = clock.instants(civil);
    if (due && !(fixed && instants?.first !== instant)) found.push(instant);
  }
  return found;
}

function weekdayOf(civil: CivilTime): number {
  return new Date(secondsAsUtc(civil) * 1000).getUTCDay();
}

function matches(field: string, value: number, min: number): boolean {
  return field.split(',').some((entry) => {
    const [range = '', step = '1'] = entry.split('/');
    const [low, high] = range === '*' ? [min, 99] : range.split('-').map(Number);
    const last = high ?? (entry.includes('/') ? 99 : (low ?? 0));
    return value >= (low ?? 0) && value <= last && (value - (low ?? 0)) % Number(step) === 0;
  });
}

const number = (min: number, max: number): fc.Arbitrary<string> => fc.integer({ min, max }).map(String);
const field = (min: number, max: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: number(min, max) },
    fc.uniqueArray(number(min, max), { minLength: 2, maxLength: 3 }).map((list) => list.join(',')),
    fc.tuple(number(min, max), number(min, max)).map((pair) => pair.sort((a, b) => Number(a) - Number(b)).join('-')),
    number(2, 6).map((step) => `*/${step}`),
    fc.tuple(number(min, max), number(2, 6)).map(([low, step]) => `${low}/${step}`),
  );

test('every schedule holds exactly the times that a clock read minute by minute shows, also when clocks change', () => {
  const fields = fc.tuple(field(0, 59), field(0, 4), field(1, 31), fc.constantFrom('*', '3,10', '3-10'), field(0, 6));
  const changes = fc.constantFrom(
    ['Europe/Berlin', '2026-03-28T21:00:00Z'],
    ['Europe/Berlin', '2026-10-24T21:00:00Z'],
    ['Asia/Almaty', '2024-02-29T15:00:00Z'],
    ['America/New_York', '2026-11-01T03:00:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T12:00:00Z'],
    ['Africa/Cairo', '2026-04-23T20:00:00Z'],
  );
  fc.assert(
    fc.property(fields, changes, (parts, [zone = '', from = '']) => {
      const [begin, end] = [at(from), at(from) + 8 * 3600];
      const subject = schedule(parts.join(' '), zone);
      const times: number[] = [];
      for (let time = subject.next(begin - 1); time !== undefined && time <= end; time = subject.next(time))
        times.push(time);
      expect(times).toEqual(oracle(parts, zone, begin, end));
      const backwards: number[] = [];
      for (let time = subject.previous(end + 1); time !== undefined && time >= begin; time = subject.previous(time))
        backwards.unshift(time);
      expect(backwards).toEqual(times);
    }),
    { numRuns: 120 },
  );
});
