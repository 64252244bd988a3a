import type { FileReading } from '../collectors/collector.ts';
import { failed, problemOf } from '../model/failure.ts';
import type { Outcome } from '../model/reading.ts';
import type { Answer } from '../reader/protocol.ts';
import { type Child, ChildHungError } from './child.ts';
import type { Entry } from './entry.ts';

/** Takes down how one attempt to read a source goes; exactly one of its functions is called, once. */
export interface Attempt {
  readonly done: (outcome: Outcome<unknown>) => void;
  readonly hung: (message: string) => void;
}

/** The part of the deadline that sources get after another one on the same mount has hung in the same round. */
const afterHang = 0.1;

/**
 * Reads the sources of one mount, one after another, in one child process: a mount that hangs costs one child, which is
 * killed at the deadline. One that cannot be killed is left alone, and no second one is started before it is gone.
 */
export class Lane {
  readonly #startChild: () => Child;
  readonly #begin: (entry: Entry) => Attempt;
  #child: Child | undefined;

  constructor(startChild: () => Child, begin: (entry: Entry) => Attempt) {
    this.#startChild = startChild;
    this.#begin = begin;
  }

  /** One round over the sources. `deadline` in seconds. */
  async round(entries: readonly Entry[], deadline: number, signal: AbortSignal): Promise<void> {
    await this.#readAll(entries, deadline, signal);
    if (this.#child?.worthKeeping === false) await this.#child.release();
  }

  /** Ends the child. An undying one stays remembered. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined || !(await child.end())) return;
    if (this.#child === child) this.#child = undefined;
  }

  async #readAll(entries: readonly Entry[], deadline: number, signal: AbortSignal): Promise<void> {
    let limit = deadline;
    for (const entry of entries) {
      if (signal.aborted) return;
      if (this.#child?.undying === true)
        this.#begin(entry).hung('a process that hangs on the same mount cannot be ended');
      else if (!(await this.#read(entry, limit, signal))) limit = deadline * afterHang;
    }
  }

  /** False when the reading hung. */
  async #read(entry: Entry, deadline: number, signal: AbortSignal): Promise<boolean> {
    const { source } = entry;
    if (source.read.kind !== 'file') return true;
    const attempt = this.#begin(entry);
    try {
      const answer = await this.#ask(source.read, entry.state.reading, deadline);
      attempt.done(outcomeOf(answer, entry));
      return true;
    } catch (error) {
      const hung = error instanceof ChildHungError;
      if (hung) attempt.hung(`could not read ${source.read.path}: ${error.message}`);
      else if (!signal.aborted) attempt.done(failed(problemOf(error, `read ${source.read.path}`)));
      await this.end();
      return !hung;
    }
  }

  async #ask({ task, path, request }: FileReading, previous: unknown, deadline: number): Promise<Answer> {
    if (this.#child?.alive !== true) this.#child = this.#startChild();
    return await this.#child.ask({ task, path, request, previous }, deadline);
  }
}

function outcomeOf({ outcome }: Answer, entry: Entry): Outcome<unknown> {
  return 'unchanged' in outcome ? { reading: entry.state.reading, problem: outcome.problem } : outcome;
}
