import { isDeepStrictEqual } from 'node:util';
import { artifactPattern } from '../../../common/artifacts.ts';
import type { BackupSource } from '../../config.ts';
import type { Task } from '../../reader/task.ts';
import { noneApart } from './listing.ts';
import { lookAt } from './look.ts';
import { recall, remember } from './memory.ts';
import type { Artifact, BackupReading } from './model.ts';
import { nameReader } from './names.ts';
import { summarise } from './summary.ts';
import { verifySome } from './verifying.ts';

export interface BackupRequest {
  readonly source: BackupSource;
  /** Bytes that one reading may go through to verify artifacts, packed and unpacked ones. */
  readonly budget: number;
}

/**
 * Lists a backup's directory, looks at what is new or may still change, and verifies what its budget allows. Throws when
 * the directory, or one in it that may hold artifacts, cannot be read.
 */
export const task: Task<BackupRequest, BackupReading> = ({ source, budget }, previous, context) => {
  const { files, now, progress, memory } = context;
  const key = `backup ${source.name}`;
  const known = recall(key, memory, previous);
  const pattern = artifactPattern(source.pattern, source.clock);
  const apart = noneApart();
  const readName = nameReader({ pattern, ignore: source.ignore, others: source.others ?? [] });
  const { artifacts } = known;
  const gone = lookAt({ files, root: source.directory, pattern, readName, apart }, artifacts, source, now);
  const deletedEarly = (previous?.deletedEarly ?? 0) + countDeletedEarly(gone, source, now);
  const left = { begun: known.pending, shown: previous?.verification?.path ?? null };
  const pending = verifySome(artifacts, left, { files, source, pattern }, { budget, now, progress });
  const since = previous?.since ?? now;
  const summary = summarise({ source, artifacts: artifacts.values(), apart, deletedEarly, since, now });
  const reading = { ...summary, evidence: remember(key, memory, { artifacts, pending }) };
  return { reading: previous !== null && isDeepStrictEqual(reading, previous) ? previous : reading, problem: null };
};

function countDeletedEarly(gone: readonly Artifact[], { retention }: BackupSource, now: number): number {
  if (retention === null) return 0;
  return gone.filter(({ state, time }) => state === 'complete' && time.start > now - retention.age).length;
}
