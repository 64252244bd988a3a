import { isDeepStrictEqual } from 'node:util';
import { artifactPattern } from '../../../common/artifacts.ts';
import type { BackupSource } from '../../config.ts';
import type { Task } from '../../reader/task.ts';
import type { Foreign } from './listing.ts';
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
  const foreign: Foreign = { count: 0, examples: [] };
  const readName = nameReader(pattern, source.ignore);
  const walk = { files, root: source.directory, pattern, readName, foreign };
  const artifacts = lookAt({ walk, files, source, now }, known.artifacts);
  const deletedEarly = (previous?.deletedEarly ?? 0) + countDeletedEarly(known.artifacts, artifacts, source, now);
  const pending = verifySome(artifacts, known.pending, { files, source, pattern }, { budget, now, progress });
  const since = previous?.since ?? now;
  const summary = summarise({ source, artifacts, foreign, deletedEarly, since, now });
  const reading = { ...summary, evidence: remember(key, memory, { artifacts, pending }) };
  return { reading: previous !== null && isDeepStrictEqual(reading, previous) ? previous : reading, problem: null };
};

function countDeletedEarly(
  before: ReadonlyMap<string, Artifact>,
  after: ReadonlyMap<string, Artifact>,
  { retention }: BackupSource,
  now: number,
): number {
  if (retention === null) return 0;
  let count = 0;
  for (const { path, state, time } of before.values()) {
    if (state === 'complete' && time.start > now - retention.age && !after.has(path)) count += 1;
  }
  return count;
}
