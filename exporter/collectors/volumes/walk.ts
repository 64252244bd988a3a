import type { Stats } from 'node:fs';
import type { Files } from '../../reader/task.ts';

export interface Total {
  readonly bytes: number;
  readonly inodes: number;
}

/** Adding up a directory, entry by entry, so that it can be left and gone on with; it gives how many were seen so far. */
export type Walk = Generator<number, Total>;

/**
 * Disk space and inodes of a directory as `du -x` counts them: allocated blocks, so that sparse files count what they take;
 * a file with several names once; the directories themselves too; symbolic links not followed, other file systems not
 * entered. What disappears meanwhile is not counted; what must not be read ends the walk with the system's error.
 */
export function* walk(files: Files, root: string): Walk {
  const top = files.lstat(root);
  const seen = new Set<number>();
  const total = { bytes: top.blocks * 512, inodes: 1 };
  for (const status of below(files, root, top.dev)) {
    yield total.inodes;
    if (status.nlink > 1 && !status.isDirectory()) {
      if (seen.has(status.ino)) continue;
      seen.add(status.ino);
    }
    total.bytes += status.blocks * 512;
    total.inodes += 1;
  }
  return total;
}

function* below(files: Files, root: string, device: number): Generator<Stats> {
  const pending = [root];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    for (const name of namesIn(files, directory, directory === root)) {
      const path = `${directory}/${name}`;
      const status = statusOf(files, path);
      if (status === undefined || status.dev !== device) continue;
      if (status.isDirectory()) pending.push(path);
      yield status;
    }
  }
}

function* namesIn(files: Files, directory: string, needed: boolean): Generator<string> {
  try {
    for (const { name } of files.entries(directory)) yield name;
  } catch (error) {
    if (needed || !isGone(error)) throw error;
  }
}

function statusOf(files: Files, path: string): Stats | undefined {
  try {
    return files.lstat(path);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
