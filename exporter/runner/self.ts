import { selfMetrics } from '../metrics/self.ts';
import { type Sample, sample } from '../model/sample.ts';
import type { Entry } from './entry.ts';

/** The samples that every source has, whatever its collector. */
export function sourceSamples({ collector, source, state, errors }: Entry): readonly Sample[] {
  const labels = { collector: collector.name, source: source.name };
  return [
    sample(selfMetrics.sourceUp, labels, state.problem === null ? 1 : 0),
    sample(selfMetrics.sourceHungSince, labels, state.hungSince),
    ...[...errors].sort().map(([reason, count]) => sample(selfMetrics.sourceErrors, { ...labels, reason }, count)),
  ];
}

/** What is known of a collector as a whole; times in seconds. */
export interface CollectorResult {
  readonly name: string;
  readonly success: boolean;
  readonly duration: number;
  /** Seconds since the epoch; 0 before the first success. */
  readonly lastSuccess: number;
}

export function collectorSamples({ name, success, duration, lastSuccess }: CollectorResult): readonly Sample[] {
  const labels = { collector: name };
  return [
    sample(selfMetrics.collectorSuccess, labels, success ? 1 : 0),
    sample(selfMetrics.collectorDuration, labels, duration),
    sample(selfMetrics.collectorLastSuccess, labels, lastSuccess),
  ];
}
