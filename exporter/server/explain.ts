import type { Entry } from '../runner/entry.ts';

/** What `/explain` tells of one declared thing; times in ISO 8601, null where there is none. */
export interface Explanation {
  readonly collector: string;
  readonly source: string;
  readonly up: boolean;
  readonly reason: string | null;
  readonly message: string | null;
  readonly hungSince: string | null;
  readonly lastReadAt: string | null;
  readonly durationSeconds: number;
  /** Failed attempts since the start, by reason. */
  readonly errors: Readonly<Record<string, number>>;
  readonly declared: unknown;
  /** The last one that was had, even if it is no longer shown in the metrics. */
  readonly reading: unknown;
}

export function explain({ collector, source, state, readAt, duration, errors }: Entry): Explanation {
  return {
    collector: collector.name,
    source: source.name,
    up: state.problem === null,
    reason: state.problem?.reason ?? null,
    message: state.problem?.message ?? null,
    hungSince: time(state.hungSince),
    lastReadAt: time(readAt),
    durationSeconds: duration,
    errors: Object.fromEntries(errors),
    declared: source.declared,
    reading: state.reading === null ? null : (collector.explain?.(state.reading) ?? state.reading),
  };
}

function time(seconds: number): string | null {
  return seconds === 0 ? null : new Date(seconds * 1000).toISOString();
}
