import { type Problem, ProblemsError, UserError } from '../../../common/problems.ts';

/** An error on its way between two processes: what kind it is and what it says. */
export type CarriedError =
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] }
  | { readonly kind: 'user' | 'other'; readonly message: string; readonly cause: string | null };

export function carryError(error: unknown): CarriedError {
  if (error instanceof ProblemsError) return { kind: 'problems', problems: error.problems };
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : null;
  if (error instanceof UserError) return { kind: 'user', message: error.message, cause };
  return { kind: 'other', message: error instanceof Error ? (error.stack ?? error.message) : String(error), cause };
}

/** The error as it was, for the same words and exit code. */
export function restoreError(carried: CarriedError): Error {
  if (carried.kind === 'problems') return new ProblemsError(carried.problems);
  const options = carried.cause === null ? {} : { cause: new Error(carried.cause) };
  return carried.kind === 'user' ? new UserError(carried.message, options) : new Error(carried.message, options);
}
