import { failed, problemOf } from '../model/failure.ts';
import type { Outcome } from '../model/reading.ts';
import type { Answer, Question } from '../reader/protocol.ts';
import { type Child, ChildHungError } from './child.ts';
import type { Entry } from './entry.ts';

/** Takes down how one attempt to read a source goes; exactly one of its functions is called, once. */
export interface Attempt {
  readonly done: (outcome: Outcome<unknown>) => void;
  readonly hung: (message: string) => void;
}

/** The part of the deadline that sources get after another one on the same mount has hung in the same round. */
const afterHang = 0.1;
/** Questions that are under way at once. */
const batchSize = 64;

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
    let limit = deadline;
    for (let next = 0; next < entries.length && !signal.aborted; ) {
      const batch = entries.slice(next, next + batchSize);
      const { tried, hung } = await this.#readBatch(batch, limit, signal);
      next += tried;
      if (hung) limit = deadline * afterHang;
    }
    if (this.#child?.worthKeeping === false) await this.#child.release();
  }

  /** Ends the child. An undying one stays remembered. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined || !(await child.end())) return;
    if (this.#child === child) this.#child = undefined;
  }

  /** Reads as many as it can; the last one that was tried is the one that failed, if any did. */
  async #readBatch(batch: readonly Entry[], deadline: number, signal: AbortSignal): Promise<BatchResult> {
    if (this.#child?.undying === true) {
      for (const entry of batch) this.#begin(entry).hung('a process that hangs on the same mount cannot be ended');
      return { tried: batch.length, hung: true };
    }
    const attempts = new Attempts(batch, this.#begin);
    try {
      if (this.#child?.alive !== true) this.#child = this.#startChild();
      await this.#child.ask(batch.flatMap(questionOf), deadline, (answer) => attempts.answered(answer));
      return { tried: batch.length, hung: false };
    } catch (error) {
      const hung = error instanceof ChildHungError;
      if (hung || !signal.aborted) attempts.failed(error);
      await this.end();
      return { tried: attempts.tried, hung };
    }
  }
}

interface BatchResult {
  readonly tried: number;
  readonly hung: boolean;
}

/** The attempts of a batch, each begun when the one before has ended. */
class Attempts {
  readonly #batch: readonly Entry[];
  readonly #begin: (entry: Entry) => Attempt;
  #current: Attempt | undefined;
  #index = 0;

  constructor(batch: readonly Entry[], begin: (entry: Entry) => Attempt) {
    this.#batch = batch;
    this.#begin = begin;
    this.#beginNext();
  }

  /** How many were begun. */
  get tried(): number {
    return Math.min(this.#index + 1, this.#batch.length);
  }

  answered({ outcome }: Answer): void {
    const reading = this.#batch[this.#index]?.state.reading ?? null;
    this.#current?.done('unchanged' in outcome ? { reading, problem: outcome.problem } : outcome);
    this.#index += 1;
    this.#beginNext();
  }

  failed(error: unknown): void {
    const path = pathOf(this.#batch[this.#index]);
    if (error instanceof ChildHungError) this.#current?.hung(`could not read ${path}: ${error.message}`);
    else this.#current?.done(failed(problemOf(error, `read ${path}`)));
  }

  #beginNext(): void {
    const entry = this.#batch[this.#index];
    this.#current = entry === undefined ? undefined : this.#begin(entry);
  }
}

function questionOf({ source: { read }, state }: Entry): readonly Question[] {
  if (read.kind !== 'file') return [];
  return [{ task: read.task, path: read.path, request: read.request, previous: state.reading }];
}

function pathOf(entry: Entry | undefined): string {
  return entry?.source.read.kind === 'file' ? entry.source.read.path : '';
}
