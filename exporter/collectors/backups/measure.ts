import type { Stats } from 'node:fs';
import type { Files } from '../../reader/task.ts';
import { entriesOf, hasCode } from './directory.ts';
import type { Measure } from './model.ts';

export interface TreeFile {
  /** Below the tree's root. */
  readonly path: string;
  readonly size: number;
}

/** Of an artifact that has not been looked at yet: it is known by its name alone. */
export const unmeasured: Measure = { size: Number.NaN, modified: Number.NaN, inode: Number.NaN, files: Number.NaN };

export function isMeasured({ size }: Measure): boolean {
  return !Number.isNaN(size);
}

/** Measures a file or a whole directory; undefined when it has vanished. Links in a directory are not followed. */
export function measure(files: Files, path: string): Measure | undefined {
  try {
    const stats = files.lstat(path);
    return stats.isDirectory() ? measureTree(files, path, stats) : measureOf(stats);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

export function sameMeasure(one: Measure, other: Measure): boolean {
  return (
    one.size === other.size && one.modified === other.modified && one.inode === other.inode && one.files === other.files
  );
}

/** The regular files of a directory and all below it, in no order. */
export function* treeFiles(files: Files, root: string): Generator<TreeFile> {
  for (const { path, stats } of walk(files, root, '')) if (stats.isFile()) yield { path, size: stats.size };
}

function measureTree(files: Files, root: string, own: Stats): Measure {
  let [size, modified, count] = [0, seconds(own.mtimeMs), 0];
  for (const { stats } of walk(files, root, '')) {
    modified = Math.max(modified, seconds(stats.mtimeMs));
    if (!stats.isFile()) continue;
    size += stats.size;
    count += 1;
  }
  return { size, modified, inode: own.ino, files: count };
}

function* walk(files: Files, root: string, below: string): Generator<{ path: string; stats: Stats }> {
  for (const entry of entriesOf(files, below === '' ? root : `${root}/${below}`, true)) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    const stats = files.lstat(`${root}/${path}`);
    yield { path, stats };
    if (stats.isDirectory()) yield* walk(files, root, path);
  }
}

function measureOf(stats: Stats): Measure {
  return { size: stats.size, modified: seconds(stats.mtimeMs), inode: stats.ino, files: 1 };
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds) / 1000;
}
