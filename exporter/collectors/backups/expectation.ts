import type { ArtifactTime } from '../../../common/artifact-times.ts';
import { schedule } from '../../../common/cron.ts';
import type { BackupSource } from '../../config.ts';
import type { Expectation } from './model.ts';

/**
 * What is expected of a backup at `now`, given its newest complete artifact. A run is missed when it and its grace have
 * passed and no complete artifact is as late; the newest counts to the end of what its name can mean, so that a name without
 * an hour is not called too early. Without an artifact, runs count from `since`.
 */
export function expectation(
  source: BackupSource,
  newest: ArtifactTime | null,
  since: number,
  now: number,
): Expectation {
  const served = newest?.end ?? since;
  if (source.schedule !== null) return scheduled(source.schedule, source, served, now);
  const interval = source.expectedInterval;
  if (interval === null) return { missedRuns: null, interval: null, next: null };
  const missedRuns = Math.max(Math.floor((now - source.grace - served) / interval), 0);
  return { missedRuns, interval, next: (newest?.start ?? since) + interval };
}

function scheduled(expression: string, source: BackupSource, served: number, now: number): Expectation {
  const runs = schedule(expression, source.timezone);
  const next = runs.next(now) ?? null;
  const previous = next === null ? undefined : runs.previous(next);
  return {
    missedRuns: runs.count(served, now - source.grace),
    interval: next === null || previous === undefined ? null : next - previous,
    next,
  };
}
