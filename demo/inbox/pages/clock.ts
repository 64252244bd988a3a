import { type Html, html } from './html.ts';

/** Tells times in one zone, relative to one moment. Times in milliseconds since the epoch. */
export interface Clock {
  /** `14:03:12`, with the day before it when it is another one. */
  readonly short: (time: number) => Html;
  /** With day and zone. */
  readonly long: (time: number) => Html;
}

export function clock(timeZone: string, now: number): Clock {
  const day = format(timeZone, { weekday: 'short', day: 'numeric', month: 'short' });
  const time = format(timeZone, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const zone = format(timeZone, { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' });
  const today = day(now);
  const element = (at: number, words: string) => html`<time datetime="${new Date(at).toISOString()}">${words}</time>`;
  return {
    short: (at) => element(at, day(at) === today ? time(at) : `${day(at)} ${time(at)}`),
    long: (at) => element(at, `${day(at)}, ${zone(at)}`),
  };
}

/** Milliseconds for people, in three digits: `0.42 ms`, `18.3 ms`, `2.1 s`. */
export function shortSpan(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(milliseconds >= 10_000 ? 1 : 2)} s`;
  return `${milliseconds.toFixed(milliseconds >= 100 ? 0 : milliseconds >= 10 ? 1 : 2)} ms`;
}

function format(timeZone: string, options: Intl.DateTimeFormatOptions): (time: number) => string {
  const formatter = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', ...options });
  return (time) => formatter.format(time);
}
