import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readIfPresent, writeFileAtomic } from '../../common/files.ts';
import { UserError } from '../../common/problems.ts';
import type { OutputFile } from '../../stack/types.ts';

/** The list of what a directory of outputs holds: SHA-256 in hex by path. Always the last file written. */
export interface Manifest {
  readonly stack: string;
  readonly files: Readonly<Record<string, string>>;
}

export interface Written {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly deleted: readonly string[];
  readonly unchanged: number;
}

const manifestName = 'manifest.json';

/**
 * Makes `directory` hold exactly `files` (within `scope`: only paths that it accepts are compared, written and removed).
 * Files that are already right are not touched; files that an earlier build listed and this one does not are removed;
 * files that no build listed are refused rather than mixed up with ours.
 */
export function writeOutputs(
  directory: string,
  stack: string,
  files: readonly OutputFile[],
  scope: (path: string) => boolean = () => true,
): Written {
  const before = readManifest(directory);
  const wanted = files.filter(({ path }) => scope(path));
  const created: string[] = [];
  const updated: string[] = [];
  for (const { path, content } of wanted) {
    const current = readIfPresent(join(directory, path));
    if (current === content) continue;
    (current === undefined ? created : updated).push(path);
    writeFileAtomic(join(directory, path), content);
  }
  const kept = new Set(wanted.map(({ path }) => path));
  const deleted = Object.keys(before.files).filter((path) => scope(path) && !kept.has(path));
  for (const path of deleted) removeFile(directory, path);
  const elsewhere = Object.entries(before.files).filter(([path]) => !scope(path));
  const hashes = [...elsewhere, ...wanted.map(({ path, content }) => [path, sha256(content)] as const)];
  writeManifest(directory, { stack, files: Object.fromEntries(hashes.sort(([a], [b]) => (a < b ? -1 : 1))) });
  return { created, updated, deleted, unchanged: wanted.length - created.length - updated.length };
}

function writeManifest(directory: string, manifest: Manifest): void {
  const content = `${JSON.stringify(manifest, null, 2)}\n`;
  if (readIfPresent(join(directory, manifestName)) !== content) writeFileAtomic(join(directory, manifestName), content);
}

/** The manifest of a directory; an empty one for a directory that is new or empty. */
export function readManifest(directory: string): Manifest {
  const path = join(directory, manifestName);
  const text = readIfPresent(path);
  if (text === undefined) {
    if (existsSync(directory) && readdirSync(directory).length > 0)
      throw new UserError(
        `${directory} holds files but no ${manifestName}: it was not written by lookout build. Name another directory or empty it.`,
      );
    return { stack: '', files: {} };
  }
  try {
    const manifest = JSON.parse(text) as Manifest;
    if (typeof manifest.files !== 'object' || manifest.files === null) throw new Error('it has no "files"');
    return manifest;
  } catch (cause) {
    throw new UserError(`${path} is no manifest; remove ${directory} and build again`, { cause });
  }
}

function removeFile(directory: string, path: string): void {
  rmSync(join(directory, path), { force: true });
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    const absolute = join(directory, folder);
    if (existsSync(absolute) && readdirSync(absolute).length > 0) return;
    if (existsSync(absolute)) rmdirSync(absolute);
  }
}

function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}
