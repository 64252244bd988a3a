import { existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Keeps a file as it is, bytes, times and permissions, while its name may get another: a second link to the same file. */
export function keep(path: string, stash: string): void {
  const kept = join(stash, basename(path));
  if (!existsSync(path) || existsSync(kept)) return;
  mkdirSync(stash, { recursive: true, mode: 0o700 });
  linkSync(path, kept);
}

/** Gives a kept file its name back; without one it does nothing. Renaming one of two links to the other does nothing either. */
export function restore(path: string, stash: string): void {
  const kept = join(stash, basename(path));
  if (!existsSync(kept)) return;
  renameSync(kept, path);
  rmSync(kept, { force: true });
}
