import type { BackupSource } from '../../config.ts';
import { type ArtifactState, artifactStates } from '../../metrics/backup.ts';
import { expectation } from './expectation.ts';
import type { Foreign } from './listing.ts';
import type { Artifact, BackupReading, Note } from './model.ts';
import { newestOf } from './newest.ts';
import { meaningOf } from './reasons.ts';

const noteLimit = 50;

export interface Observed {
  readonly source: BackupSource;
  readonly artifacts: ReadonlyMap<string, Artifact>;
  readonly foreign: Foreign;
  readonly deletedEarly: number;
  readonly since: number;
  readonly now: number;
}

/** What is told of a directory, without the evidence for the next reading. */
export function summarise(observed: Observed): Omit<BackupReading, 'evidence'> {
  const { source, artifacts, foreign, deletedEarly, since, now } = observed;
  const all = [...artifacts.values()];
  const [newest = null] = newestOf(all, 1, ({ state }) => state === 'complete');
  const [verified = null] = newestOf(all, 1, ({ verdict, state }) => verdict !== null && state !== 'future');
  const limit = source.retention && now - source.retention.age - source.retention.tolerance;
  return {
    artifacts: countStates(all, foreign.count),
    newest: newest && { path: newest.path, time: newest.time, size: newest.measure.size },
    oldest: all.reduce<number | null>((oldest, { time }) => Math.min(oldest ?? time.start, time.start), null),
    medianSize: median(all.filter(({ state }) => state === 'complete').map(({ measure }) => measure.size)),
    storedBytes: all.reduce((sum, { measure }) => sum + measure.size, 0),
    overkept: limit === null ? 0 : all.filter(({ time }) => time.end < limit).length,
    deletedEarly,
    expectation: expectation(source, newest?.time ?? null, since, now),
    verification: verified?.verdict ? { path: verified.path, verdict: verified.verdict } : null,
    notes: notesOf(all, foreign),
    since,
  };
}

function countStates(all: readonly Artifact[], foreign: number): Readonly<Record<ArtifactState, number>> {
  const counts = Object.fromEntries(artifactStates.map((state) => [state, 0])) as Record<ArtifactState, number>;
  for (const { state } of all) counts[state] += 1;
  counts.unrecognised += foreign;
  return counts;
}

/** Of an even number of sizes the lower of the two in the middle: a size that occurs. */
function median(sizes: readonly number[]): number | null {
  return Float64Array.from(sizes).sort()[Math.floor((sizes.length - 1) / 2)] ?? null;
}

function notesOf(all: readonly Artifact[], foreign: Foreign): readonly Note[] {
  const odd = newestOf(all, noteLimit, ({ reason }) => reason !== null);
  const notes = odd.map(({ path, state, reason }) => ({
    path,
    state,
    reason,
    text: reason ? meaningOf(reason).text : '',
  }));
  const text = 'its name does not fit the declared pattern; name it in ignore if it belongs here';
  return [...notes, ...foreign.examples.map((path) => ({ path, state: 'unrecognised' as const, reason: null, text }))];
}
