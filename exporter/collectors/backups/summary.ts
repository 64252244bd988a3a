import type { BackupSource } from '../../config.ts';
import { type ArtifactState, artifactStates } from '../../metrics/backup.ts';
import { expectation } from './expectation.ts';
import type { EntriesApart } from './listing.ts';
import { isMeasured } from './measure.ts';
import type { Artifact, BackupReading, Newest, Note } from './model.ts';
import { newerOf, newestOf } from './newest.ts';
import { meaningOf } from './reasons.ts';

const noteLimit = 50;

export interface Observed {
  readonly source: BackupSource;
  readonly artifacts: Iterable<Artifact>;
  readonly apart: EntriesApart;
  readonly deletedEarly: number;
  readonly since: number;
  readonly now: number;
}

/** What is told of a directory, without the evidence for the next reading. */
export function summarise(observed: Observed): Omit<BackupReading, 'evidence'> {
  const { source, apart, deletedEarly, since, now } = observed;
  const { sizes, newest, verified, odd, ...totals } = tally(observed);
  return {
    ...totals,
    newest: newest && newestAs(newest),
    medianSize: median(sizes),
    deletedEarly,
    expectation: expectation(source, newest?.time ?? null, since, now),
    verification: verified?.verdict ? { path: verified.path, verdict: verified.verdict } : null,
    notes: notesOf(odd, apart),
    since,
  };
}

function newestAs({ path, time, measure: { size, modified } }: Artifact): Newest {
  return { path, time, size, modified };
}

/** All figures in one pass: there may be a million artifacts. */
function tally({ source: { retention }, artifacts, apart, now }: Observed) {
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
  for (const state of statesApart) counts[state] = apart[state].count;
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

const apartBecause = {
  other: 'it is of another declared origin, and never stands for a scheduled run',
  unrecognised: 'its name does not fit the declared pattern; name it in ignore or others if it belongs here',
} as const;
const statesApart = ['other', 'unrecognised'] as const;

function notesOf(odd: readonly Artifact[], apart: EntriesApart): readonly Note[] {
  const notes = newestOf(odd, noteLimit).map(({ path, state, reason }) => {
    return { path, state, reason, text: reason === null ? '' : meaningOf(reason).text };
  });
  return [
    ...notes,
    ...statesApart.flatMap((state) =>
      apart[state].examples.map((path) => ({ path, state, reason: null, text: apartBecause[state] })),
    ),
  ];
}
