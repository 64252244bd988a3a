import type { Dirent, Stats, StatsFs } from 'node:fs';
import type { Outcome } from '../model/reading.ts';

/**
 * Reads one source inside a child process. Everything is synchronous: a call that hangs then hangs the child alone, which
 * is ended from outside.
 *
 * - `request` comes from the source's declaration and survives structured cloning.
 * - `previous` is the reading that the last successful run gave, even if another child gave it. Small evidence that must
 *   outlive a child ("this artifact was verified") belongs into the reading. Returning `previous` itself says that nothing
 *   changed; nothing is then rendered again. A reading that holds the time of reading is rendered each time.
 * - What it throws becomes a problem: a SourceError with its reason, a system error by its code.
 */
export type Task<Request, Reading> = (
  request: Request,
  previous: Reading | null,
  context: TaskContext,
) => Outcome<Reading>;

export interface TaskContext {
  readonly files: Files;
  /** Seconds since the epoch when the reading began. */
  readonly now: number;
  /** Says that the reading goes on. Calls of `files` say so themselves; only long computing between them must. */
  readonly progress: () => void;
  /**
   * For what is too large to be passed around, by keys of the task's own. It lives as long as the child; a child that holds
   * something here is kept between readings, others end when there is nothing left to read.
   */
  readonly memory: Map<string, unknown>;
}

/** The file system as tasks see it: synchronous and for reading only. All throw Node's system errors. */
export interface Files {
  /** Entries of a directory in the order of the file system, read bit by bit. */
  readonly entries: (directory: string) => Generator<Dirent>;
  /** Does not follow a symbolic link. */
  readonly lstat: (path: string) => Stats;
  readonly stat: (path: string) => Stats;
  readonly statfs: (path: string) => StatsFs;
  readonly realpath: (path: string) => string;
  readonly readlink: (path: string) => string;
  /** The whole file; a SourceError `read_failed` when it is larger than `limit` bytes. Never blocks on a named pipe. */
  readonly readFile: (path: string, limit: number) => Buffer;
  /** At most `length` bytes from `position`, a negative one counted from the end; fewer at the end of the file. */
  readonly readRange: (path: string, position: number, length: number) => Buffer;
  /** The file's bytes in pieces of at most `size`; each piece is valid until the next is asked for. */
  readonly chunks: (path: string, size: number) => Generator<Buffer>;
}
