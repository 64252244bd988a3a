import { humanDuration } from '../../common/durations.ts';
import type { ChainLink, Incident, IncidentRun } from '../local/types.ts';

/** Width of the longest name in the list, and of the longest title in the chain. */
const widths = { name: 22, title: 16 } as const;

export function listLines(list: readonly Incident[]): readonly string[] {
  return list.map(({ name, what, seconds }) => `${name.padEnd(widths.name)}${what} About ${humanDuration(seconds)}.`);
}

/** A link that is done, with the seconds since then: `+28.2 s  mail accepted   CRITICAL | ...`. */
export function doneLine({ title, at, detail }: ChainLink, since: number): string {
  const after = `+${(((at ?? since) - since) / 1000).toFixed(1)} s`;
  return `${after.padStart(9)}  ${detail === null ? title : title.padEnd(widths.title) + detail}`;
}

/** The link that is waited for: `pending, 12 of 20 s`. */
export function waitingLine({ title, detail, expectedAt }: ChainLink, now: number): string {
  const left = Math.round((expectedAt - now) / 1000);
  const when = left >= 0 ? `expected in ${humanDuration(left)}` : `expected ${humanDuration(-left)} ago`;
  return `           ${title.padEnd(widths.title)}${detail === null ? when : `${detail}, ${when}`}`;
}

export function stuckLine({ title, detail }: ChainLink): string {
  return `    stuck  ${title.padEnd(widths.title)}${detail ?? ''}`;
}

/** The links that are done and not yet shown, in the order of their times; once it is cleared, those since then. */
export function newlyDone({ chain, clearedAt }: IncidentRun, shown: ReadonlySet<string>): readonly ChainLink[] {
  return chain
    .filter(({ step, state, at }) => state === 'done' && !shown.has(step) && (at ?? 0) >= (clearedAt ?? 0))
    .toSorted((one, other) => (one.at ?? 0) - (other.at ?? 0));
}
