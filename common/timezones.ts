/** A moment as a clock on the wall of some place shows it. Month 1 to 12. */
export interface CivilTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** The clock of an IANA time zone. Instants are seconds since the Unix epoch. */
export interface ZoneClock {
  readonly name: string;
  /** What the clock shows at an instant. */
  civil(instant: number): CivilTime;
  /**
   * When the clock shows this time: one instant; two, the earlier first, for a time that is repeated when clocks go back;
   * none for a time that is skipped when they go forward, and for a date that does not exist.
   */
  instants(civil: CivilTime): readonly number[];
}

/** Whether the runtime knows the zone, e.g. `Europe/Berlin` or `UTC`; a bare offset such as `+02:00` is no zone. */
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

const day = 86_400;

/** @throws RangeError for a zone that is none; ask `isTimeZone` first. */
export function zoneClock(name: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: name,
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
  const civil = (instant: number): CivilTime => readParts(format.formatToParts(instant * 1000));
  const offset = (instant: number): number => asUtc(civil(instant)) - instant;
  return {
    name,
    civil,
    instants: (time) => {
      const local = asUtc(time);
      if (!isDate(time)) return [];
      const offsets = new Set([offset(local - day), offset(local), offset(local + day)]);
      return [...offsets]
        .map((seconds) => local - seconds)
        .filter((instant) => offset(instant) === local - instant)
        .sort((a, b) => a - b);
    },
  };
}

function readParts(parts: readonly Intl.DateTimeFormatPart[]): CivilTime {
  const values = new Map(parts.map((part) => [part.type, part.value]));
  const read = (type: Intl.DateTimeFormatPartTypes): number => Number(values.get(type));
  const year = values.get('era') === 'BC' ? 1 - read('year') : read('year');
  return {
    year,
    month: read('month'),
    day: read('day'),
    hour: read('hour'),
    minute: read('minute'),
    second: read('second'),
  };
}

/** Seconds since the epoch if the clock's zone were UTC. */
function asUtc({ year, month, day: dayOfMonth, hour, minute, second }: CivilTime): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, dayOfMonth);
  return date.getTime() / 1000 + hour * 3600 + minute * 60 + second;
}

function isDate(time: CivilTime): boolean {
  const { year, month, day: dayOfMonth, hour, minute, second } = time;
  const last = new Date(Date.UTC(2000, 0, 1));
  last.setUTCFullYear(year, month, 0);
  return (
    month >= 1 &&
    month <= 12 &&
    dayOfMonth >= 1 &&
    dayOfMonth <= last.getUTCDate() &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  );
}
