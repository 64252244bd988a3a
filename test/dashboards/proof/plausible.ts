import * as units from '@grafana/grafana-foundation-sdk/units';

/** Values that a reader would believe, by unit; `at` is the time of the recording in Unix seconds. */
type Bounds = (at: number) => readonly [low: number, high: number];

const day = 86_400;
const duration: Bounds = () => [-400 * day, 10 * 365 * day];
/** Grafana reads times in milliseconds. */
const moment: Bounds = (at) => [(at - 400 * day) * 1000, (at + 10 * 365 * day) * 1000];

const bounds: Readonly<Record<string, Bounds>> = {
  [units.PercentUnit]: () => [0, 1],
  [units.BytesIEC]: () => [0, 2 ** 50],
  [units.BytesPerSecondIEC]: () => [-(2 ** 40), 2 ** 40],
  [units.RequestsPerSecond]: () => [0, 1e5],
  [units.CountsPerSecond]: () => [0, 1e5],
  [units.Short]: () => [0, 1e9],
  [units.Seconds]: duration,
  [units.DurationInDaysHoursMinutesSeconds]: duration,
  [units.DatetimeISO]: moment,
  [units.DateTimeFromNow]: moment,
};

/** Shares of something that can be passed: a late backup is older than its interval, a file system can be promised twice. */
const beyondOne = new Set(['Age against the interval', 'Promised of each file system']);

/** What is wrong with a value of that unit on the panel of that title; undefined when nothing is. */
export function implausible(value: string, unit: string, title: string, at: number): string | undefined {
  const limits = beyondOne.has(title) ? ([0, 100] as const) : bounds[unit]?.(at);
  if (limits === undefined) return `no bounds are known for the unit ${unit}`;
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
  const [low, high] = limits;
  return number >= low && number <= high ? undefined : `${value} is no plausible value of the unit ${unit}`;
}
