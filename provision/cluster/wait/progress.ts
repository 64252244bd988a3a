import { describeObject } from '../client/objects.ts';
import type { ObjectReference } from '../client/types.ts';
import { objectId } from '../inventory/id.ts';
import type { Explanation } from './explain.ts';
import type { Waiting, WaitOptions } from './types.ts';

/** Milliseconds after which a cause that could pass is taken for lasting. */
const lasting = 30_000;

/** An object that is not ready, as it was seen last. */
export interface View {
  readonly reference: ObjectReference;
  /** What it waits for, and why. */
  readonly state: string;
  /** Milliseconds for which that has been the cause. */
  readonly waited: number;
  readonly hopeless: boolean;
  readonly explanation: Explanation | undefined;
}

/** What was seen and told so far. */
export class Progress {
  readonly #options: WaitOptions;
  readonly #start: number;
  readonly #told = new Map<string, string>();
  readonly #since = new Map<string, number>();
  readonly #seen = new Set<string>();

  constructor(options: WaitOptions) {
    this.#options = options;
    this.#start = options.now();
  }

  elapsed(): number {
    return this.#options.now() - this.#start;
  }

  isSeenAgain(uid: string): boolean {
    const again = this.#seen.has(uid);
    this.#seen.add(uid);
    return again;
  }

  see({ reference, state }: Waiting, explanation: Explanation | undefined): View {
    const why = this.#options.redact(explanation === undefined ? state.text : `${state.text}: ${explanation.text}`);
    const since = this.#sinceWhen(`${objectId(reference)} ${explanation?.text ?? ''}`);
    const ends = explanation?.ends ?? 'never';
    const waited = this.#options.now() - since;
    const hopeless = state.phase === 'failed' || ends === 'now' || (ends === 'soon' && waited > lasting);
    this.#tell(reference, why);
    return { reference, state: why, waited, hopeless, explanation };
  }

  tellReady(before: readonly ObjectReference[], waiting: readonly Waiting[]): void {
    const ids = new Set(waiting.map(({ reference }) => objectId(reference)));
    for (const reference of before.filter((one) => !ids.has(objectId(one)) && this.#told.has(objectId(one))))
      this.#options.report(`${describeObject(reference)}: ready (${seconds(this.elapsed())})`);
  }

  /** Where a table is shown, lines are for what is over. */
  #tell(reference: ObjectReference, text: string): void {
    const id = objectId(reference);
    if (this.#told.get(id) === text) return;
    this.#told.set(id, text);
    if (this.#options.show === undefined) this.#options.report(`${describeObject(reference)}: ${text}`);
  }

  #sinceWhen(cause: string): number {
    const since = this.#since.get(cause) ?? this.#options.now();
    this.#since.set(cause, since);
    return since;
  }
}

export function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
