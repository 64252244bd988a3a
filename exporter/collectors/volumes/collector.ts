import { volumeMetrics as metrics } from '../../metrics/volume.ts';
import type { State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { Collector } from '../collector.ts';
import { type Declared, declaredSources } from './declared.ts';
import { filesystemSamples } from './filesystems.ts';
import type { FilesystemReading, VolumeReading } from './reading.ts';

/** How much of each declared volume is in use, and how much is left below it and below the backups. */
export const volumes: Collector<Declared, VolumeReading> = {
  name: 'volumes',
  families: Object.values(metrics),
  sources: declaredSources,
  samples: volumeSamples,
  overview: filesystemSamples,
};

function* volumeSamples(declared: Declared, state: State<VolumeReading>): Generator<Sample> {
  if (declared.kind !== 'volume') return;
  const { namespace, name, requested } = declared.volume;
  const claim = { claim_namespace: namespace, claim: name };
  const { reading, fresh, problem } = state;
  const kind = { volume: '', storage_class: '', volume_type: 'directory', node: declared.node };
  yield sample(metrics.info, { ...claim, ...kind }, 1);
  if (requested !== null) yield sample(metrics.requested, claim, requested);
  yield sample(metrics.measured, claim, reading?.at ?? 0);
  if (problem !== null) yield sample(metrics.unmeasured, { ...claim, reason: problem.reason }, 1);
  if (reading === null || !fresh) return;
  if (reading.walked !== null) {
    const labels = { ...claim, method: 'walk', scope: 'volume' };
    yield sample(metrics.used, labels, reading.walked.bytes);
    yield sample(metrics.inodesUsed, labels, reading.walked.inodes);
  }
  yield* figures(claim, reading.filesystem);
}

/** Figures of a file system that the volume shares with others are never given out as those of the volume. */
function* figures(claim: { claim_namespace: string; claim: string }, filesystem: FilesystemReading): Generator<Sample> {
  const labels = { ...claim, method: 'statfs', scope: filesystem.own ? 'volume' : 'filesystem' };
  yield sample(metrics.used, labels, filesystem.used);
  yield sample(metrics.available, labels, filesystem.available);
  yield sample(metrics.capacity, labels, filesystem.size);
  if (filesystem.inodes === 0) return;
  yield sample(metrics.inodes, labels, filesystem.inodes);
  yield sample(metrics.inodesUsed, labels, filesystem.inodesUsed);
}
