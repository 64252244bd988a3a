import type { ArtifactName, ArtifactPattern } from '../../../common/artifacts.ts';
import type { Files } from '../../reader/task.ts';
import { entriesOf } from './directory.ts';
import type { NameMeaning } from './names.ts';

/** An entry whose name is that of an artifact. */
export interface Found {
  readonly path: string;
  readonly kind: 'file' | 'directory';
  readonly name: ArtifactName;
  readonly temporary: boolean;
}

/** Entries that are no artifact of a scheduled run. */
export interface Apart {
  count: number;
  /** The first few names. */
  readonly examples: string[];
}

/** By why they are apart; each the name of a state. */
export type EntriesApart = Readonly<Record<'other' | 'unrecognised', Apart>>;

export function noneApart(): EntriesApart {
  return { other: { count: 0, examples: [] }, unrecognised: { count: 0, examples: [] } };
}

export interface Walk {
  readonly files: Files;
  readonly root: string;
  readonly pattern: ArtifactPattern;
  readonly readName: (path: string) => NameMeaning;
  /** Whether the entry needs no second look: it is then passed over. */
  readonly isSettled: (path: string, kind: Found['kind']) => boolean;
  /** Filled while the directory is read. */
  readonly apart: EntriesApart;
}

const examples = 20;

/**
 * Finds the artifacts of a directory by name and type alone, in no order, but for those that are settled. Symbolic links are
 * neither followed nor counted: what they point to is counted where it lies, or lies elsewhere. Throws when a directory
 * that may hold artifacts cannot be read; one that vanishes meanwhile holds none.
 */
export function listArtifacts(walk: Walk, onFound: (found: Found) => void, below = ''): void {
  const directory = below === '' ? walk.root : `${walk.root}/${below}`;
  for (const entry of entriesOf(walk.files, directory, below === '')) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    const kind = entry.isFile() ? 'file' : entry.isDirectory() ? 'directory' : null;
    if (entry.isSymbolicLink() || (kind !== null && walk.isSettled(path, kind))) continue;
    const meaning = walk.readName(path);
    if (meaning.kind === 'artifact' && kind !== null && (kind === 'directory' || !walk.pattern.directory)) {
      onFound({ path, kind, name: meaning.name, temporary: meaning.temporary });
    } else if (kind === 'directory' && meaning.kind === 'foreign' && walk.pattern.leads(path)) {
      listArtifacts(walk, onFound, path);
    } else if (meaning.kind !== 'known') {
      setApart(walk.apart[meaning.kind === 'other' ? 'other' : 'unrecognised'], path);
    }
  }
}

function setApart(apart: Apart, path: string): void {
  apart.count += 1;
  if (apart.examples.length < examples) apart.examples.push(path);
}
