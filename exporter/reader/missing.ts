import { dirname, resolve } from 'node:path';
import { mountinfo, mountOf, parseMounts } from '../model/mounts.ts';
import type { Problem } from '../model/reading.ts';
import type { Files } from './task.ts';

/** A path that is not there, more exactly: a link that leads nowhere, or how much of the path there is. */
export function explainMissing(files: Files, path: string, problem: Problem): Problem {
  if (problem.reason !== 'not_found') return problem;
  const link = attempt(() => files.readlink(path));
  if (link !== undefined) {
    const message = `${path} is a link to ${link}, which is not there${outOfMount(files, path, link)}`;
    return { reason: 'broken_symlink', message };
  }
  const nearest = nearestExisting(files, dirname(path));
  return { ...problem, message: `${problem.message}; ${nearest} is there: is what lies below it mounted?` };
}

/** Where a part of a file system is mounted, as in a container, a link out of that part leads nowhere. */
function outOfMount(files: Files, path: string, link: string): string {
  const directory = files.realpath(dirname(path));
  const target = resolve(directory, link);
  const mounts = parseMounts(files.readFile(mountinfo, Number.POSITIVE_INFINITY).toString());
  const { point } = mountOf(directory, mounts);
  if (isBelow(target, point)) return '';
  return `: it leads out of what is mounted at ${point}; mount ${nearestAbove(directory, target)} as a whole`;
}

function nearestAbove(directory: string, target: string): string {
  return isBelow(target, directory) ? directory : nearestAbove(dirname(directory), target);
}

function isBelow(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`);
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
