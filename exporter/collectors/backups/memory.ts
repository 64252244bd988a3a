import type { Artifact, BackupReading } from './model.ts';
import { newestOf } from './newest.ts';
import { ArtifactStore } from './store.ts';
import type { Pending } from './verifying.ts';

/** What a reading knows from the ones before. */
export interface Memory {
  readonly artifacts: ArtifactStore;
  /** A verification that could not be finished. */
  readonly pending: Pending | null;
}

/** More artifacts than this are not carried from process to process; the process that has read them is kept instead. */
const evidenceLimit = 500;

export function recall(name: string, held: ReadonlyMap<string, unknown>, previous: BackupReading | null): Memory {
  const memory = held.get(name) as Partial<Memory> | undefined;
  return { artifacts: memory?.artifacts ?? new ArtifactStore(previous?.evidence), pending: memory?.pending ?? null };
}

/** Holds in this process what is too much to be carried. Gives the evidence to carry: all of few artifacts, else what counts. */
export function remember(
  name: string,
  held: Map<string, unknown>,
  { artifacts, pending }: Memory,
): readonly Artifact[] {
  const many = artifacts.size > evidenceLimit;
  if (many || pending !== null) held.set(name, { pending, ...(many && { artifacts }) });
  else held.delete(name);
  return many ? newestOf(artifacts.values(), evidenceLimit) : [...artifacts.values()];
}
