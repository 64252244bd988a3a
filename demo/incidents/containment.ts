import { lstatSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { UserError } from '../../common/problems.ts';

/**
 * The path itself when it truly lies below `root`, which is the demonstration's folder and no link; its parents are followed, and it
 * is no link itself. Incidents call it for every path right before they touch it.
 * @throws UserError else.
 */
export function contained(root: string, path: string): string {
  const realRoot = realpathSync(root);
  if (realRoot !== join(realpathSync(dirname(root)), basename(root)))
    throw refused(path, `the demonstration's folder ${root} is a link to ${realRoot}`);
  const real = join(realpathSync(dirname(path)), basename(path));
  if (!real.startsWith(realRoot + sep)) throw refused(path, `it lies outside of ${realRoot}`);
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) throw refused(path, 'it is a link');
  return path;
}

function refused(path: string, reason: string): UserError {
  return new UserError(`an incident changes nothing but the demonstration, so it left ${path} alone: ${reason}`);
}
