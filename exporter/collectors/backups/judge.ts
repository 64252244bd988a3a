import type { BackupSource } from '../../config.ts';
import type { ArtifactState } from '../../metrics/backup.ts';
import type { Found } from './listing.ts';
import { isMeasured, sameMeasure } from './measure.ts';
import type { Artifact, Measure, Verdict } from './model.ts';
import { type ArtifactReason, meaningOf } from './reasons.ts';

/**
 * What is to be thought of an artifact as it is measured now. What was known of it before counts only while its measure is
 * the same: `before.verdict` is then kept, and the time for which it has not changed grows. At first sight, and
 * when it has become younger, the time of its last modification is believed. One that
 * is not measured is taken for finished and sound.
 */
export function judge(
  found: Found,
  measured: Measure,
  before: Artifact | undefined,
  source: BackupSource,
  now: number,
): Artifact {
  const last = before !== undefined && isMeasured(before.measure) ? before : undefined;
  const same = last !== undefined && sameMeasure(last.measure, measured);
  const newer = last === undefined || measured.modified > last.measure.modified;
  const since = same ? Math.min(last.since, now) : newer ? Math.min(measured.modified, now) : now;
  const verdict = same ? last.verdict : null;
  const time = found.name.time ?? { start: measured.modified, end: measured.modified };
  const { path, kind, temporary } = found;
  const reason = unfinished(time.start > now, temporary, now - since, source);
  if (reason !== null) {
    const state = meaningOf(reason).state ?? 'complete';
    return { path, kind, temporary, time, measure: measured, since, state, reason, verdict };
  }
  return { path, kind, temporary, time, measure: measured, since, ...conclusion(verdict), verdict };
}

/** The artifact after its bytes were read. */
export function withVerdict(artifact: Artifact, verdict: Verdict): Artifact {
  return { ...artifact, verdict, ...conclusion(verdict) };
}

/** @param quiet seconds for which nothing has written to it. */
function unfinished(ahead: boolean, temporary: boolean, quiet: number, source: BackupSource): ArtifactReason | null {
  if (ahead) return 'ahead_of_clock';
  if (temporary) return quiet >= Math.max(source.grace, source.settle) ? 'abandoned' : 'temporary_name';
  return quiet < source.settle ? 'settling' : null;
}

/** A failed check that decides on the state counts before one that does not; without any the artifact is complete. */
function conclusion(verdict: Verdict | null): {
  readonly state: ArtifactState;
  readonly reason: ArtifactReason | null;
} {
  const reasons = (verdict?.findings ?? []).flatMap(({ reason }) => reason ?? []);
  const decisive = reasons.find((reason) => meaningOf(reason).state !== null);
  return { state: (decisive && meaningOf(decisive).state) ?? 'complete', reason: decisive ?? reasons[0] ?? null };
}
