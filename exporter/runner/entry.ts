import type { Collector, Source } from '../collectors/collector.ts';
import type { Reason } from '../metrics/self.ts';
import type { Outcome, State } from '../model/reading.ts';

/** Everything that the runner knows of one declared source. It alone changes entries. */
export interface Entry {
  readonly collector: Collector;
  readonly source: Source;
  /** Key of its samples in the exposition. */
  readonly key: string;
  state: State<unknown>;
  /** Seconds since the epoch of the last reading that was had; 0 before the first. */
  readAt: number;
  /** On the monotonic clock, in seconds: until then that reading counts as the present one. */
  freshUntil: number;
  /** Seconds that the last attempt took. */
  duration: number;
  /** Failed attempts since the start. */
  readonly errors: Map<Reason, number>;
  /** Sources of one lane are read one after another: the mount point, or the source's own name. */
  lane: string;
  /** Attempts in a row that hung. */
  hangs: number;
  /** On the monotonic clock, in seconds: no attempt before. */
  notBefore: number;
  /** Resolved after the first attempt. */
  readonly attempted: PromiseWithResolvers<void>;
}

export function newEntry(collector: Collector, source: Source): Entry {
  return {
    collector,
    source,
    key: `${collector.name}/${source.name}`,
    state: {
      reading: null,
      fresh: false,
      problem: { reason: 'not_read_yet', message: 'the source has not been read yet' },
      hungSince: 0,
    },
    readAt: 0,
    freshUntil: 0,
    duration: 0,
    errors: new Map(),
    lane: source.name,
    hangs: 0,
    notBefore: 0,
    attempted: Promise.withResolvers(),
  };
}

/** Intervals that a reading stays the present one when later attempts fail. */
const freshIntervals = 3;

/**
 * Notes how an attempt went; times in seconds since the epoch.
 * @returns whether the state is another one than before.
 */
export function note(entry: Entry, outcome: Outcome<unknown>, now: number, interval: number): boolean {
  const before = entry.state;
  if (outcome.reading !== null) {
    entry.readAt = now;
    entry.freshUntil = monotonic() + freshIntervals * interval;
  }
  const { problem } = outcome;
  if (problem !== null) entry.errors.set(problem.reason, (entry.errors.get(problem.reason) ?? 0) + 1);
  entry.hangs = 0;
  entry.state = {
    reading: outcome.reading ?? before.reading,
    fresh: isFresh(entry),
    problem,
    hungSince: 0,
  };
  return problem !== null || !sameState(before, entry.state);
}

/** Pauses after hanging: one interval, doubled each time up to so many. */
const longestPause = 10;

/** Notes that an attempt that began at `since` hung, or that hanging kept it from being made. */
export function noteHang(entry: Entry, message: string, since: number, interval: number): true {
  const { reading, hungSince } = entry.state;
  const problem = { reason: 'timeout', message } as const;
  entry.errors.set('timeout', (entry.errors.get('timeout') ?? 0) + 1);
  entry.state = { reading, fresh: isFresh(entry), problem, hungSince: hungSince || since };
  entry.notBefore = monotonic() + interval * Math.min(2 ** entry.hangs, longestPause);
  entry.hangs += 1;
  return true;
}

/** Lets go of a reading that failing has made too old to be the present one. Tells whether it was let go now. */
export function expire(entry: Entry): boolean {
  if (!entry.state.fresh || entry.state.problem === null || isFresh(entry)) return false;
  entry.state = { ...entry.state, fresh: false };
  return true;
}

function isFresh(entry: Entry): boolean {
  return monotonic() < entry.freshUntil;
}

/** Seconds that no one sets. */
export function monotonic(): number {
  return performance.now() / 1000;
}

function sameState(a: State<unknown>, b: State<unknown>): boolean {
  return a.reading === b.reading && a.fresh === b.fresh && a.problem === b.problem && a.hungSince === b.hungSince;
}
