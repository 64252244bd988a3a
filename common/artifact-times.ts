import { type CivilTime, daysInMonth, secondsAsUtc, type ZoneClock } from './timezones.ts';

/**
 * When an artifact was made, as far as its name tells, in seconds since the Unix epoch. `end` lies after `start` when the
 * name stops at minutes, hours, days or months, or when the clock showed that time twice.
 */
export interface ArtifactTime {
  readonly start: number;
  readonly end: number;
}

/** The parts of a time that a name can hold; also the names of the groups in a regular expression. */
export const timeParts = ['year', 'month', 'day', 'yearday', 'hour', 'minute', 'second', 'epoch', 'offset'] as const;
export type TimePart = (typeof timeParts)[number];

/** What a part needs beside it to mean anything. */
const needs: readonly (readonly [TimePart, readonly TimePart[]])[] = [
  ['month', ['year']],
  ['day', ['month']],
  ['yearday', ['year']],
  ['hour', ['day', 'yearday']],
  ['minute', ['hour']],
  ['second', ['minute']],
  ['offset', ['hour']],
];

/** Why these parts together are no time; undefined when they are, or when there are none at all. */
export function timePartsProblem(parts: ReadonlySet<TimePart>): string | undefined {
  if (parts.has('epoch') && parts.size > 1) return 'seconds since the epoch need no other part of a time beside them';
  if (parts.has('yearday') && parts.has('month')) return 'a day of the year needs no month beside it';
  const lacking = needs.find(([part, needed]) => parts.has(part) && !needed.some((other) => parts.has(other)));
  return lacking === undefined ? undefined : `the ${lacking[0]} means nothing without the ${lacking[1].join(' or ')}`;
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

type Texts = Readonly<Partial<Record<string, string>>>;

/** What a name leaves out may be anything from the first to the last. */
const earliest = { month: 1, day: 1, hour: 0, minute: 0, second: 0 };
const latest = { month: 12, day: 31, hour: 23, minute: 59, second: 59 };

/** The time that the texts of the parts mean on the clock; undefined when there is no such time, e.g. 31 February. */
export function timeOfParts(texts: Texts, clock: ZoneClock): ArtifactTime | undefined {
  if (texts['epoch'] !== undefined) return epochTime(texts['epoch']);
  const first = civilTime(texts, earliest);
  const last = texts['second'] === undefined ? civilTime(texts, latest) : first;
  const start = clock.instants(first);
  const end = last === first ? start : clock.instants(last);
  if (start === undefined || end === undefined) return undefined;
  if (texts['offset'] === undefined) return { start: start.first, end: end.last };
  const offset = offsetOf(texts['offset']);
  return Number.isNaN(offset) ? undefined : { start: secondsAsUtc(first) - offset, end: secondsAsUtc(last) - offset };
}

/** An unreadable part is NaN. */
function civilTime(texts: Texts, otherwise: Omit<CivilTime, 'year'>): CivilTime {
  const year = yearOf(texts['year'] ?? '');
  const { month, day } = dateOf(texts, year, otherwise);
  return {
    year,
    month,
    day,
    hour: numberOf(texts['hour'], otherwise.hour),
    minute: numberOf(texts['minute'], otherwise.minute),
    second: numberOf(texts['second'], otherwise.second),
  };
}

function dateOf(texts: Texts, year: number, otherwise: Omit<CivilTime, 'year'>): Pick<CivilTime, 'month' | 'day'> {
  if (texts['yearday'] !== undefined) return dateOfYearday(year, digits(texts['yearday']));
  const month = monthOf(texts['month'], otherwise.month);
  const day = texts['day'] === undefined ? Math.min(otherwise.day, daysInMonth(year, month)) : digits(texts['day']);
  return { month, day };
}

function numberOf(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : digits(text);
}

function epochTime(text: string): ArtifactTime | undefined {
  const instant = digits(text);
  return instant <= 253_402_300_799 ? { start: instant, end: instant } : undefined;
}

/** Two digits are a year of this century, as strptime(3) reads 00 to 68. */
function yearOf(text: string): number {
  return text.length === 2 ? 2000 + digits(text) : digits(text);
}

function monthOf(text: string | undefined, otherwise: number): number {
  const number = numberOf(text, otherwise);
  return Number.isNaN(number) && text !== undefined ? monthNames.indexOf(text.toLowerCase()) + 1 : number;
}

function dateOfYearday(year: number, yearday: number): { month: number; day: number } {
  const date = new Date(new Date(0).setUTCFullYear(year, 0, yearday));
  return date.getUTCFullYear() === year
    ? { month: date.getUTCMonth() + 1, day: date.getUTCDate() }
    : { month: Number.NaN, day: Number.NaN };
}

/** Seconds east of UTC of `+0100`, `+01:00` or `Z`. */
function offsetOf(text: string): number {
  if (text === 'Z') return 0;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (match === null) return Number.NaN;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 3600 + Number(match[3]) * 60);
}

function digits(text: string): number {
  return text === '' ? Number.NaN : Number(text);
}
