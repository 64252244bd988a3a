import type { Stack } from '../../../stack/types.ts';
import type { Selection } from '../selection.ts';
import type { CarriedError } from './carry.ts';
import type { Prepared } from './prepare.ts';

/** `declare`: is the environment right, and which stack does it declare? `prepare`: make it ready to start. */
export interface Question {
  readonly kind: 'declare' | 'prepare';
  readonly selection: Selection;
  readonly root: string;
  readonly cwd: string;
}

export type Answer =
  | { readonly kind: 'declare'; readonly stack: Stack }
  | { readonly kind: 'prepare'; readonly prepared: Prepared }
  | { readonly kind: 'failure'; readonly failure: CarriedError };
