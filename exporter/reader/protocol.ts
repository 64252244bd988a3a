import type { Outcome } from '../model/reading.ts';
import type { TaskName } from './tasks.ts';

/** Tells the program that it is to be a reader; the process id of its parent follows. */
export const readerArgument = 'reader';

/** Asked of a child; values survive structured cloning. */
export interface Question {
  readonly task: TaskName;
  /** What is read, for messages. */
  readonly path: string;
  readonly request: unknown;
  readonly previous: unknown;
}

/** Several questions at once, which spares the way back and forth; they are answered one after another. */
export interface Batch {
  readonly id: number;
  readonly questions: readonly Question[];
}

/** Said by a child of its batch; each question gets one answer, in their order. */
export type Message = Progress | Answer;

export interface Progress {
  readonly kind: 'progress';
  readonly id: number;
}

export interface Answer {
  readonly kind: 'answer';
  readonly id: number;
  /** `unchanged`: the reading is the previous one, which is not sent back. */
  readonly outcome: Outcome<unknown> | { readonly unchanged: true; readonly problem: Outcome<unknown>['problem'] };
  /** Whether the child holds something that the next reading wants. */
  readonly keep: boolean;
}
