import { UserError } from '../../common/problems.ts';
import type { Shell } from './command.ts';

/** The result of work, or, when a person stopped it, one line that says what that means instead of an error. */
export async function stopped<Result>(work: Promise<Result>, { signal }: Shell, meaning: string): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (signal.aborted && error instanceof Error && error.name === 'AbortError')
      throw new UserError(`stopped: ${meaning}`);
    throw error;
  }
}
