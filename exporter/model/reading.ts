import type { Reason } from '../metrics/self.ts';

/** Why a source could not be read or understood: the reason for metrics, the message for logs and `/explain`. */
export interface Problem {
  readonly reason: Reason;
  /** What was attempted, on what, and why it failed. Never holds the content of a file. */
  readonly message: string;
}

/**
 * What one attempt to read a source gave. Both may be present: a part was read, and something about it is wrong.
 * A source is up when there is no problem.
 */
export interface Outcome<Reading> {
  readonly reading: Reading | null;
  readonly problem: Problem | null;
}

/** What is known of a declared source: the last reading that was had, and how the last attempt went. */
export interface State<Reading> {
  /** Kept over failed attempts, so that timestamps in it stay known; null until the first success. */
  readonly reading: Reading | null;
  /** Whether `reading` is young enough that its sizes and counts may be shown as the present ones. */
  readonly fresh: boolean;
  /** Of the last attempt; `not_read_yet` before the first one. */
  readonly problem: Problem | null;
  /** Seconds since the epoch; 0 when reading does not hang. */
  readonly hungSince: number;
}
