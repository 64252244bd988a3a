import type { ArtifactState } from '../../metrics/backup.ts';

interface Meaning {
  /** The state that an artifact gets when a check fails for this reason; null when it keeps its own. */
  readonly state: ArtifactState | null;
  /** For `/explain`. */
  readonly text: string;
}

/** Why an artifact is not simply complete. A closed set: part of the contract of `/explain`, never renamed. */
const meanings = {
  settling: { state: 'in_progress', text: 'it was written to just now' },
  temporary_name: { state: 'in_progress', text: 'its name says that it is being written' },
  abandoned: { state: 'incomplete', text: 'it has kept its temporary name although nothing writes to it any more' },
  ahead_of_clock: {
    state: 'future',
    text: 'the time in its name has not come yet; is the declared clock the one that names it?',
  },
  empty: { state: 'invalid', text: 'there is nothing in it' },
  truncated: { state: 'incomplete', text: 'it ends in the middle' },
  trailer_missing: {
    state: 'incomplete',
    text: 'the dump begins well but lacks its end: the program that wrote it failed or was stopped',
  },
  contents_missing: { state: 'incomplete', text: 'data that its table of contents names is not there' },
  metadata_missing: { state: 'incomplete', text: 'a collection lacks its metadata or its data' },
  rolled_back: { state: 'invalid', text: 'the dump met errors and ends with a rollback' },
  not_gzip: { state: 'invalid', text: 'its name says gzip, but it is not compressed so' },
  corrupt: { state: 'invalid', text: 'its bytes are damaged' },
  not_a_dump: { state: 'invalid', text: 'it is no dump of the declared engine' },
  length_mismatch: { state: 'invalid', text: 'it is not as long as its header says' },
  checksum_mismatch: { state: 'invalid', text: 'it differs from the checksum file beside it' },
  sidecar_mismatch: { state: null, text: 'it differs from what the .meta.json file beside it says' },
  not_attested: { state: null, text: 'the .meta.json file beside it says that its owner has not verified it' },
  not_permitted: { state: null, text: 'the exporter may not read it, so nothing about it is verified' },
  unreadable: { state: 'invalid', text: 'the file system gives an error when it is read' },
} as const satisfies Readonly<Record<string, Meaning>>;

export type ArtifactReason = keyof typeof meanings;

export function meaningOf(reason: ArtifactReason): Meaning {
  return meanings[reason];
}
