import { matchesGlob } from 'node:path';
import type { ArtifactName, ArtifactPattern } from '../../../common/artifacts.ts';

/** What the name of a directory entry says about it. */
export type NameMeaning =
  | { readonly kind: 'artifact'; readonly name: ArtifactName; readonly temporary: boolean }
  /** A file that belongs to an artifact, is declared as known, or is the file system's own. */
  | { readonly kind: 'known' }
  | { readonly kind: 'foreign' };

const temporaryEndings = new Set(['.tmp', '.temp', '.part', '.partial', '.incomplete', '.inprogress']);
const sidecarEndings = new Set(['.json', '.sha256', '.sha512', '.md5', '.asc', '.sig', '.log']);
/** What file systems and network storage put into every directory that they serve. */
const systemNames = new Set([
  'lost+found',
  '.snapshot',
  '.snapshots',
  '.zfs',
  '@Recycle',
  '#recycle',
  '@eaDir',
  '.@__thumb',
]);

const known: NameMeaning = { kind: 'known' };
const foreign: NameMeaning = { kind: 'foreign' };

/**
 * Reads names by the pattern of a backup. `ignore` are globs, as Node's `path.matchesGlob` reads them; without `/` they are
 * compared with the last part of the path.
 */
export function nameReader(pattern: ArtifactPattern, ignore: readonly string[]): (path: string) => NameMeaning {
  const sidecarOf = (base: string): boolean => pattern.extensions.some((end) => pattern.read(base + end) !== undefined);
  return (path) => {
    const base = path.slice(path.lastIndexOf('/') + 1);
    if (ignore.some((glob) => matchesGlob(glob.includes('/') ? path : base, glob))) return known;
    const [stem, ending] = splitEnding(path, base);
    const begun = temporaryEndings.has(ending) ? pattern.read(stem) : undefined;
    if (begun !== undefined) return { kind: 'artifact', name: begun, temporary: true };
    if (sidecarEndings.has(ending) && sidecarOf(stem.replace(/\.meta$/, ''))) return known;
    const name = pattern.read(path);
    if (name !== undefined) return { kind: 'artifact', name, temporary: false };
    return systemNames.has(base) || base.startsWith('.nfs') ? known : foreign;
  };
}

function splitEnding(path: string, base: string): readonly [string, string] {
  const dot = base.lastIndexOf('.');
  if (dot <= 0) return [path, ''];
  const length = base.length - dot;
  return [path.slice(0, -length), path.slice(-length)];
}
