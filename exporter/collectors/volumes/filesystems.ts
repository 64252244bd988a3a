import { volumeMetrics as metrics } from '../../metrics/volume.ts';
import type { State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { DeclaredVolume } from './collector.ts';
import type { VolumeReading } from './reading.ts';

interface Measured {
  readonly declared: DeclaredVolume;
  readonly state: State<VolumeReading>;
}

/**
 * Each file system once, however many volumes lie on it and wherever else it is mounted: by node and the first of its mount
 * points. What was last known of it goes when no volume on it could be read for some time.
 */
export function* filesystemSamples(volumes: readonly Measured[]): Generator<Sample> {
  const read = volumes.filter(({ state }) => state.reading !== null && state.fresh);
  const shared = [...Map.groupBy(read, ({ state }) => state.reading?.filesystem.device).values()];
  const places = shared.flatMap((group) => describe(group) ?? []);
  for (const { labels, filesystem, claimed } of places.sort((a, b) => (a.labels.path < b.labels.path ? -1 : 1))) {
    yield sample(metrics.filesystemSize, labels, filesystem.size);
    yield sample(metrics.filesystemAvailable, labels, filesystem.available);
    yield sample(metrics.filesystemClaimed, labels, claimed);
  }
}

function describe(group: readonly Measured[]) {
  const [first] = group;
  if (first === undefined) return undefined;
  const readings = group.flatMap(({ state }) => state.reading ?? []);
  const filesystem = readings.reduce((latest, reading) => (reading.at > latest.at ? reading : latest)).filesystem;
  const path = readings.map((reading) => reading.filesystem.mountPoint).sort()[0] ?? '';
  const claimed = group.reduce((sum, { declared }) => sum + (declared.requested ?? 0), 0);
  return { labels: { node: first.declared.node, path }, filesystem, claimed };
}
