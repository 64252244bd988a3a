import { withVerdict } from './judge.ts';
import { isMeasured, measure, sameMeasure } from './measure.ts';
import type { Artifact, Finding } from './model.ts';
import { newestOf } from './newest.ts';
import type { ArtifactStore } from './store.ts';
import { companionsOf } from './verify/companions.ts';
import type { Steps } from './verify/steps.ts';
import { type Verification, verifyArtifact } from './verify/verify.ts';

/** A verification that rests until the next reading. */
export interface Pending {
  readonly artifact: Artifact;
  /** As they were when it began. */
  readonly companions: string;
  readonly steps: Steps<readonly Finding[] | undefined>;
}

/** What the readings before have left to do. */
export interface Left {
  readonly begun: Pending | null;
  /** Path of the artifact whose verification is shown: the newest that was verified. */
  readonly shown: string | null;
}

export interface Spending {
  /** Bytes that may be gone through, packed and unpacked ones. */
  readonly budget: number;
  readonly now: number;
  readonly progress: () => void;
}

/** Artifacts that one reading verifies at most, however small they are. */
const most = 1000;

/**
 * Verifies complete artifacts that were not verified as they are now, first the one that was begun, then the newest, until the
 * budget is spent; the one that is shown once more when the files beside it have changed. Puts each result into `artifacts`;
 * gives what could not be finished.
 */
export function verifySome(
  artifacts: ArtifactStore,
  left: Left,
  verification: Verification,
  { budget, now, progress }: Spending,
): Pending | null {
  let affordable = budget;
  for (const pending of queueOf(artifacts, left, verification)) {
    const { findings, spent } = advance(pending.steps, affordable, progress);
    if (findings === 'unfinished') return pending;
    conclude(artifacts, pending, findings, verification, now);
    affordable -= spent;
    if (affordable <= 0) break;
  }
  return null;
}

function* queueOf(artifacts: ArtifactStore, { begun, shown }: Left, verification: Verification): Generator<Pending> {
  const resumed = begun !== null && isUnchanged(begun.artifact, artifacts) ? begun : null;
  if (resumed !== null) yield resumed;
  const known = shown === null ? undefined : artifacts.get(shown);
  const outdated = known !== undefined && isOutdated(known, verification) ? [known] : [];
  for (const artifact of [...outdated, ...newestOf(artifacts.values(), most, isUnverified)]) {
    if (artifact.path !== resumed?.artifact.path) yield begin(artifact, verification);
  }
}

function begin(artifact: Artifact, verification: Verification): Pending {
  const companions = companionsAt(verification, artifact.path);
  return { artifact, companions, steps: verifyArtifact(verification, artifact) };
}

function companionsAt({ files, source, pattern }: Verification, path: string): string {
  return companionsOf(files, `${source.directory}/${path}`, pattern);
}

function isUnchanged({ path, measure: measured }: Artifact, artifacts: ArtifactStore): boolean {
  const now = artifacts.get(path);
  return now !== undefined && isFinished(now) && sameMeasure(now.measure, measured);
}

/** Whether the files beside an artifact are others than when it was verified. */
function isOutdated(artifact: Artifact, verification: Verification): boolean {
  const { path, verdict, reason } = artifact;
  if (verdict === null || reason === 'not_permitted' || !isFinished(artifact)) return false;
  return verdict.companions !== companionsAt(verification, path);
}

function isFinished({ state }: Artifact): boolean {
  return state !== 'in_progress' && state !== 'future';
}

/** What may not be read is tried again: a changed permission does not show in a measure. */
function isUnverified({ state, verdict, reason, measure: measured }: Artifact): boolean {
  return state === 'complete' && isMeasured(measured) && (verdict === null || reason === 'not_permitted');
}

function advance(steps: Pending['steps'], budget: number, progress: () => void) {
  for (let spent = 0; spent < budget; ) {
    const step = steps.next();
    progress();
    if (step.done === true) return { findings: step.value, spent };
    spent += step.value;
  }
  return { findings: 'unfinished' as const, spent: budget };
}

/** A result counts only when the artifact is after it what it was before. */
function conclude(
  artifacts: ArtifactStore,
  { artifact, companions }: Pending,
  findings: readonly Finding[] | undefined,
  { files, source }: Verification,
  now: number,
): void {
  const measured = measure(files, `${source.directory}/${artifact.path}`);
  if (findings === undefined || measured === undefined) {
    artifacts.delete(artifact.path);
  } else if (!sameMeasure(measured, artifact.measure)) {
    artifacts.set({
      ...artifact,
      measure: measured,
      since: now,
      state: 'in_progress',
      reason: 'settling',
      verdict: null,
    });
  } else if (artifact.verdict === null || findings.some(({ reason }) => reason !== 'not_permitted')) {
    artifacts.set(withVerdict(artifact, { findings, verified: now, companions }));
  }
}
