import { matchesGlob } from 'node:path';
import type { ArtifactName, ArtifactPattern } from '../../../common/artifacts.ts';

/** What the name of a directory entry says about it. */
export type NameMeaning =
  | { readonly kind: 'artifact'; readonly name: ArtifactName; readonly temporary: boolean }
  /** An artifact of another declared origin. */
  | { readonly kind: 'other' }
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
const other: NameMeaning = { kind: 'other' };
const foreign: NameMeaning = { kind: 'foreign' };

/** What a backup declares of the names in its directory. */
export interface DeclaredNames {
  readonly pattern: ArtifactPattern;
  /** Globs, as Node's `path.matchesGlob` reads them; without `/` they are compared with the last part of the path. */
  readonly ignore: readonly string[];
  /** The same; they count before the pattern, which fits artifacts of every origin where all are named alike. */
  readonly others: readonly string[];
}

export function nameReader({ pattern, ignore, others }: DeclaredNames): (path: string) => NameMeaning {
  const isArtifact = (path: string): boolean => matches(others, path) || pattern.read(path) !== undefined;
  const sidecarOf = (base: string): boolean => pattern.extensions.some((end) => isArtifact(base + end));
  return (path) => {
    if (matches(ignore, path)) return known;
    const base = lastPart(path);
    const [stem, ending] = splitEnding(path, base);
    if (sidecarEndings.has(ending) && sidecarOf(stem.replace(/\.meta$/, ''))) return known;
    if (matches(others, path)) return other;
    const begun = temporaryEndings.has(ending) ? pattern.read(stem) : undefined;
    if (begun !== undefined) return { kind: 'artifact', name: begun, temporary: true };
    const name = pattern.read(path);
    if (name !== undefined) return { kind: 'artifact', name, temporary: false };
    return systemNames.has(base) || base.startsWith('.nfs') ? known : foreign;
  };
}

function matches(globs: readonly string[], path: string): boolean {
  return globs.some((glob) => matchesGlob(glob.includes('/') ? path : lastPart(path), glob));
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function splitEnding(path: string, base: string): readonly [string, string] {
  const dot = base.lastIndexOf('.');
  if (dot <= 0) return [path, ''];
  const length = base.length - dot;
  return [path.slice(0, -length), path.slice(-length)];
}
