import type { PartPhase } from '../types.ts';

/** What the words for a part's state are made of. Times in milliseconds since the epoch. */
export interface Situation {
  readonly phase: PartPhase;
  readonly waitingFor: readonly string[];
  readonly restarts: number;
  readonly reason: string | null;
  readonly lastExit: { readonly at: number; readonly reason: string; readonly how: string } | null;
  readonly startAt: number | null;
  readonly stoppingSince: number | null;
}

/** The state as it is shown: `waiting for app`, `degraded: no answer`, `restarting (2nd, exit 1, in 4 s)`. */
export function describeState(situation: Situation, now: number): string {
  const { phase, waitingFor, restarts, reason, lastExit, startAt, stoppingSince } = situation;
  switch (phase) {
    case 'waiting':
      return `waiting for ${waitingFor.join(', ')}`;
    case 'starting':
      return restarts === 0 ? 'starting' : `starting again (${ordinal(restarts)})`;
    case 'degraded':
      return `degraded: ${reason ?? 'no reason given'}`;
    case 'restarting':
      return `restarting (${ordinal(restarts)}, ${lastExit?.how ?? 'on request'}, in ${seconds((startAt ?? now) - now)} s)`;
    case 'stopping':
      return `stopping (${seconds(now - (stoppingSince ?? now))} s)`;
    default:
      return phase;
  }
}

/** How a process ended: `exit 1`, or the signal's name. */
export function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal ?? `exit ${code}`;
}

/** Seconds until the n-th restart in a row: half a second, doubled each time, at most 30. */
export function backoff(failures: number): number {
  return Math.min(30, 0.5 * 2 ** (failures - 1));
}

function seconds(milliseconds: number): number {
  return Math.max(0, Math.ceil(milliseconds / 1000));
}

function ordinal(number: number): string {
  const ending = number % 100 >= 11 && number % 100 <= 13 ? undefined : endings[number % 10];
  return `${number}${ending ?? 'th'}`;
}

const endings: Readonly<Record<number, string>> = { 1: 'st', 2: 'nd', 3: 'rd' };
