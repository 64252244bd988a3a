import { UserError } from '../../common/problems.ts';
import type { Shell } from './command.ts';

/** The result of work, or, when a person stopped it, one line that says what that means instead of an error. */
export async function stopped<Result>(
  work: Promise<Result>,
  { signal }: Pick<Shell, 'signal'>,
  meaning: string,
): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (isStop(error, signal)) throw new UserError(`stopped: ${meaning}`);
    throw error;
  }
}

/** What waits is told by an error of its own, what looks for itself throws the reason. */
function isStop(error: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}
