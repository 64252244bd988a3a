import { volumeMetrics as metrics } from '../../metrics/volume.ts';
import type { State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { ClaimFacts } from './claim.ts';
import type { ClaimReading } from './collector.ts';
import type { VolumeStats } from './summary.ts';

interface Known {
  readonly state: State<ClaimReading>;
}

/** What is larger than the volume that was bound, or may be shared with others, is a file system and not the claim. */
export function isFilesystem({ shared, capacity }: ClaimFacts, stats: VolumeStats): boolean {
  return shared || (capacity !== null && stats.capacity > capacity);
}

/** Each file system that claims share once, with what they asked for together; one on another machine belongs to no node. */
export function* sharedFilesystems(claims: readonly Known[]): Generator<Sample> {
  const shared = claims.flatMap(({ state: { reading, fresh } }) => {
    if (reading?.stats == null || !fresh || !isFilesystem(reading.facts, reading.stats)) return [];
    const { facts, stats } = reading;
    return { path: facts.place, node: facts.remote ? '' : stats.node, requested: facts.requested ?? 0, stats };
  });
  for (const group of Map.groupBy(shared, ({ node, path }) => `${node} ${path}`).values()) {
    const latest = group.reduce((one, other) => (other.stats.at > one.stats.at ? other : one));
    const { node, path, stats } = latest;
    yield sample(metrics.filesystemSize, { node, path }, stats.capacity);
    yield sample(metrics.filesystemAvailable, { node, path }, stats.available);
    yield sample(
      metrics.filesystemClaimed,
      { node, path },
      group.reduce((sum, { requested }) => sum + requested, 0),
    );
  }
}
