/** A moment as a clock on a wall shows it. Month 1 to 12. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * The instants at which a clock shows a time. `first` and `last` differ when clocks went back between them and the time was
 * repeated. A time that was skipped when clocks went forward is read with the offset before the change, as Temporal does
 * ("compatible"): 02:30 is then the instant at which the clock shows 03:30.
 */
export interface CivilInstants {
  readonly first: number;
  readonly last: number;
  readonly skipped: boolean;
}

/** The clock of an IANA time zone. Instants are seconds since the Unix epoch. */
export interface ZoneClock {
  readonly name: string;
  /** What the clock shows at an instant. */
  civil(instant: number): CivilTime;
  /** Undefined for a date or time that no calendar has, such as 30 February. */
  instants(time: CivilTime): CivilInstants | undefined;
}

/** Whether the runtime knows the zone, e.g. `Europe/Berlin` or `UTC`; an offset such as `+02:00` is none. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const daySeconds = 86_400;

/** @throws RangeError for a zone that `isTimeZone` refuses. */
export function zoneClock(name: string): ZoneClock {
  const civil = civilReader(name);
  const offset = (instant: number): number => secondsAsUtc(civil(instant)) - instant;
  const offsetsAround = rememberPerDay((start) => [offset(start - daySeconds), offset(start + 2 * daySeconds)]);
  const instants = (time: CivilTime): CivilInstants | undefined => {
    if (!Number.isInteger(time.year) || !isCivilTime(time)) return undefined;
    const local = secondsAsUtc(time);
    const [before, after] = offsetsAround(local);
    if (before === after) return { first: local - before, last: local - before, skipped: false };
    const [first = local - before, last = first] = [
      local - Math.max(before, after),
      local - Math.min(before, after),
    ].filter((instant) => offset(instant) === local - instant);
    return { first, last, skipped: offset(first) !== local - first };
  };
  return { name, civil, instants };
}

type Offsets = readonly [before: number, after: number];

/** Names of a large directory share few days: the offsets before and after a day are looked up once. */
function rememberPerDay(lookUp: (dayStart: number) => Offsets): (local: number) => Offsets {
  const known = new Map<number, Offsets>();
  return (local) => {
    const day = Math.floor(local / daySeconds);
    const offsets = known.get(day) ?? lookUp(day * daySeconds);
    if (known.size >= 10_000) known.clear();
    known.set(day, offsets);
    return offsets;
  };
}

function civilReader(timeZone: string): (instant: number) => CivilTime {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (instant) => {
    const parts = new Map(format.formatToParts(instant * 1000).map((part) => [part.type, part.value]));
    const read = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    return {
      year: parts.get('era') === 'BC' ? 1 - read('year') : read('year'),
      month: read('month'),
      day: read('day'),
      hour: read('hour'),
      minute: read('minute'),
      second: read('second'),
    };
  };
}

/** Seconds since the epoch if the clock were that of UTC. */
export function secondsAsUtc({ year, month, day, hour, minute, second }: CivilTime): number {
  return new Date(0).setUTCFullYear(year, month - 1, day) / 1000 + hour * 3600 + minute * 60 + second;
}

/** Days of the month, 28 to 31; NaN when an argument is. */
export function daysInMonth(year: number, month: number): number {
  return new Date(new Date(0).setUTCFullYear(year, month, 0)).getUTCDate();
}

function isCivilTime({ year, month, day, hour, minute, second }: CivilTime): boolean {
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= (day <= 28 ? 28 : daysInMonth(year, month));
  return isDate && hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59;
}
