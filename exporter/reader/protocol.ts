import type { Outcome } from '../model/reading.ts';
import type { TaskName } from './tasks.ts';

/** Asked of a child, one at a time; values survive structured cloning. */
export interface Question {
  readonly id: number;
  readonly task: TaskName;
  /** What is read, for messages. */
  readonly path: string;
  readonly request: unknown;
  readonly previous: unknown;
}

/** Said by a child. */
export type Message =
  | { readonly kind: 'progress'; readonly id: number }
  | {
      readonly kind: 'answer';
      readonly id: number;
      /** `unchanged`: the reading is the previous one, which is not sent back. */
      readonly outcome: Outcome<unknown> | { readonly unchanged: true; readonly problem: Outcome<unknown>['problem'] };
      /** Whether the child holds something that the next reading wants. */
      readonly keep: boolean;
    };

export type Answer = Extract<Message, { kind: 'answer' }>;
