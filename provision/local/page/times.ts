import { humanDuration } from '../../../common/durations.ts';
import { type Html, html } from './html.ts';

/** What a page needs to tell a time. Times in milliseconds since the epoch. */
export interface Clock {
  readonly now: number;
  /** IANA zone, named beside every absolute time. */
  readonly timezone: string;
}

/** `12 s ago`, kept current by the page's script; the absolute time stands in its title. */
export function ago(at: number, clock: Clock): Html {
  return live('ago', at, `${span(clock.now - at)} ago`, clock);
}

/** `in 40 s`, or `40 s ago` once it has passed. */
export function until(at: number, clock: Clock): Html {
  return live('until', at, at > clock.now ? `in ${span(at - clock.now)}` : `${span(clock.now - at)} ago`, clock);
}

/** `3 min 4 s`: how long something has lasted. */
export function since(at: number, clock: Clock): Html {
  return live('since', at, span(clock.now - at), clock);
}

/** `12 of 20 s` with a bar. */
export function held(at: number, hold: number, clock: Clock): Html {
  const seconds = Math.min(hold, Math.max(0, Math.floor((clock.now - at) / 1000)));
  const title = `${seconds} of ${hold} s`;
  return html`<time datetime="${iso(at)}" data-live="held" data-hold="${hold}">${title}</time>
    <progress data-live="bar" data-at="${iso(at)}" max="${hold}" value="${seconds}" aria-label="held for"></progress>`;
}

/** `Thu 20 Nov, 02:00:00 UTC`. */
export function absolute(at: number, { timezone }: Clock): string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });
  return format.format(at);
}

/** `14:03:05` in the operator's zone. */
export function clockTime(at: number, { timezone }: Clock): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: timezone, timeStyle: 'medium' }).format(at);
}

function live(kind: string, at: number, text: string, clock: Clock): Html {
  return html`<time datetime="${iso(at)}" data-live="${kind}" title="${absolute(at, clock)}">${text}</time>`;
}

function span(milliseconds: number): string {
  return humanDuration(Math.max(0, Math.floor(milliseconds / 1000)));
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
