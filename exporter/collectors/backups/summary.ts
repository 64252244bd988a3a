import type { BackupSource } from '../../config.ts';
import { type ArtifactState, artifactStates } from '../../metrics/backup.ts';
import { expectation } from './expectation.ts';
import type { Foreign } from './listing.ts';
import { isMeasured } from './measure.ts';
import type { Artifact, BackupReading, Note } from './model.ts';
import { newerOf, newestOf } from './newest.ts';
import { meaningOf } from './reasons.ts';

const noteLimit = 50;

export interface Observed {
  readonly source: BackupSource;
  readonly artifacts: Iterable<Artifact>;
  readonly foreign: Foreign;
  readonly deletedEarly: number;
  readonly since: number;
  readonly now: number;
}

/** What is told of a directory, without the evidence for the next reading. */
export function summarise(observed: Observed): Omit<BackupReading, 'evidence'> {
  const { source, foreign, deletedEarly, since, now } = observed;
  const { sizes, newest, verified, odd, ...totals } = tally(observed);
  return {
    ...totals,
    newest: newest && { path: newest.path, time: newest.time, size: newest.measure.size },
    medianSize: median(sizes),
    deletedEarly,
    expectation: expectation(source, newest?.time ?? null, since, now),
    verification: verified?.verdict ? { path: verified.path, verdict: verified.verdict } : null,
    notes: notesOf(odd, foreign),
    since,
  };
}

/** All figures in one pass: there may be a million artifacts. */
function tally({ source: { retention }, artifacts, foreign, now }: Observed) {
  const counts = Object.fromEntries(artifactStates.map((state) => [state, 0])) as Record<ArtifactState, number>;
  const limit = retention === null ? Number.NEGATIVE_INFINITY : now - retention.age - retention.tolerance;
  const sizes: number[] = [];
  const odd: Artifact[] = [];
  const best = { newest: null as Artifact | null, verified: null as Artifact | null };
  let [oldest, storedBytes, overkept] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const artifact of artifacts) {
    const { state, reason, time, measure, verdict } = artifact;
    counts[state] += 1;
    storedBytes += measure.size;
    oldest = Math.min(oldest, time.start);
    if (time.end < limit) overkept += 1;
    if (reason !== null) odd.push(artifact);
    if (verdict !== null) best.verified = newerOf(artifact, best.verified);
    if (state !== 'complete') continue;
    if (isMeasured(measure)) sizes.push(measure.size);
    best.newest = newerOf(artifact, best.newest);
  }
  counts.unrecognised += foreign.count;
  return {
    artifacts: counts,
    oldest: oldest === Number.POSITIVE_INFINITY ? null : oldest,
    storedBytes: Number.isNaN(storedBytes) ? null : storedBytes,
    overkept,
    sizes,
    odd,
    ...best,
  };
}

/** Of an even number of sizes the lower of the two in the middle: a size that occurs. */
function median(sizes: readonly number[]): number | null {
  return Float64Array.from(sizes).sort()[Math.floor((sizes.length - 1) / 2)] ?? null;
}

function notesOf(odd: readonly Artifact[], foreign: Foreign): readonly Note[] {
  const notes = newestOf(odd, noteLimit).map(({ path, state, reason }) => {
    return { path, state, reason, text: reason === null ? '' : meaningOf(reason).text };
  });
  const text = 'its name does not fit the declared pattern; name it in ignore if it belongs here';
  return [...notes, ...foreign.examples.map((path) => ({ path, state: 'unrecognised' as const, reason: null, text }))];
}
