import { volumeMetrics as metrics } from '../../metrics/volume.ts';
import type { State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { Declared } from './declared.ts';
import type { MeasuredReading, VolumeReading } from './reading.ts';

interface Known {
  readonly declared: Declared;
  readonly state: State<VolumeReading>;
}

interface Measured {
  readonly declared: Declared;
  readonly reading: MeasuredReading;
}

/**
 * Each file system once, however many volumes lie on it and wherever else it is mounted: by node and the first of its mount
 * points. Of two that were mounted at one point one after the other the later declared stays. What was last known of it goes when no volume on it could be read for some time.
 */
export function* filesystemSamples(volumes: readonly Known[]): Generator<Sample> {
  const read = volumes.flatMap(({ declared, state: { reading, fresh } }) =>
    reading?.kind === 'measured' && fresh ? { declared, reading } : [],
  );
  const shared = [...Map.groupBy(read, ({ reading }) => reading.filesystem.device).values()];
  const places = new Map(shared.flatMap((group) => describe(group) ?? []).map((place) => [place.labels.path, place]));
  for (const { labels, filesystem, claimed } of [...places.values()].sort(byPath)) {
    yield sample(metrics.filesystemSize, labels, filesystem.size);
    yield sample(metrics.filesystemAvailable, labels, filesystem.available);
    yield sample(metrics.filesystemClaimed, labels, claimed);
  }
}

function describe(group: readonly Measured[]) {
  const [first] = group;
  if (first === undefined) return undefined;
  const readings = group.map(({ reading }) => reading);
  const filesystem = readings.reduce((latest, reading) => (reading.at > latest.at ? reading : latest)).filesystem;
  const path = readings.map((reading) => reading.filesystem.mountPoint).sort()[0] ?? '';
  const claimed = group.reduce((sum, { declared }) => sum + requestedOf(declared), 0);
  return { labels: { node: first.declared.node, path }, filesystem, claimed };
}

function byPath(a: { labels: { path: string } }, b: { labels: { path: string } }): number {
  return a.labels.path < b.labels.path ? -1 : 1;
}

function requestedOf(declared: Declared): number {
  return declared.kind === 'volume' ? (declared.volume.requested ?? 0) : 0;
}
