import { dirname } from 'node:path';
import type { Problem } from '../model/reading.ts';
import type { Files } from './task.ts';

/** A path that is not there, more exactly: a link that leads nowhere, or how much of the path there is. */
export function explainMissing(files: Files, path: string, problem: Problem): Problem {
  if (problem.reason !== 'not_found') return problem;
  const link = attempt(() => files.readlink(path));
  if (link !== undefined) {
    return { reason: 'broken_symlink', message: `${path} is a link to ${link}, which is not there` };
  }
  const nearest = nearestExisting(files, dirname(path));
  return { ...problem, message: `${problem.message}; ${nearest} is there: is what lies below it mounted?` };
}

function nearestExisting(files: Files, path: string): string {
  if (path === dirname(path) || attempt(() => files.lstat(path)) !== undefined) return path;
  return nearestExisting(files, dirname(path));
}

function attempt<Result>(call: () => Result): Result | undefined {
  try {
    return call();
  } catch {
    return undefined;
  }
}
