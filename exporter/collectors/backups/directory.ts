import type { Dirent } from 'node:fs';
import { problemOf, SourceError } from '../../model/failure.ts';
import type { Files } from '../../reader/task.ts';

/**
 * The entries of a directory; none of one that is missing and not `needed`. Any other error names the directory, which the
 * system's own does not.
 */
export function* entriesOf(files: Files, directory: string, needed: boolean): Generator<Dirent> {
  try {
    yield* files.entries(directory);
  } catch (cause) {
    if (!needed && hasCode(cause, 'ENOENT')) return;
    const { reason, message } = problemOf(cause, `list ${directory}`);
    throw new SourceError(reason, message, { cause });
  }
}

/** Whether an error, or what caused it, is a system error with one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && codes.includes(String(error.code))) || hasCode(error.cause, ...codes);
}
