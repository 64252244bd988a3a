import { volumeMetrics as metrics } from '../../metrics/volume.ts';
import type { State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { Collector } from '../collector.ts';
import { type Declared, declaredSources } from './declared.ts';
import { filesystemSamples } from './filesystems.ts';
import type { FilesystemReading, MeasuredReading, VolumeReading } from './reading.ts';

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
  const { volume, node } = declared;
  const claim = { claim_namespace: volume.namespace, claim: volume.name };
  if (state.reading?.kind === 'elsewhere') {
    yield sample(metrics.unmeasured, { ...claim, reason: state.problem?.reason ?? 'not_on_this_node' }, 1);
    return;
  }
  const { reading, fresh, problem } = state;
  const volumeType = 'root' in volume ? 'local-path' : 'directory';
  const kind = { volume: reading?.volume ?? '', storage_class: '', volume_type: volumeType, node };
  yield sample(metrics.info, { ...claim, ...kind }, 1);
  if (volume.requested !== null) yield sample(metrics.requested, claim, volume.requested);
  yield sample(metrics.measured, claim, reading === null ? 0 : measuredAt(reading));
  if (problem !== null) yield sample(metrics.unmeasured, { ...claim, reason: problem.reason }, 1);
  if (reading !== null && fresh) yield* figures(claim, reading);
}

function measuredAt({ at, shared, walked }: MeasuredReading): number {
  return shared ? (walked?.at ?? 0) : at;
}

function* figures(claim: Claim, { walked, filesystem }: MeasuredReading): Generator<Sample> {
  if (walked !== null) {
    const labels = { ...claim, method: 'walk', scope: 'volume' };
    yield sample(metrics.used, labels, walked.bytes);
    yield sample(metrics.inodesUsed, labels, walked.inodes);
  }
  yield* filesystemFigures(claim, filesystem);
}

interface Claim {
  readonly claim_namespace: string;
  readonly claim: string;
}

/** Figures of a file system that the volume shares with others are never given out as those of the volume. */
function* filesystemFigures(claim: Claim, filesystem: FilesystemReading): Generator<Sample> {
  const labels = { ...claim, method: 'statfs', scope: filesystem.own ? 'volume' : 'filesystem' };
  yield sample(metrics.used, labels, filesystem.used);
  yield sample(metrics.available, labels, filesystem.available);
  yield sample(metrics.capacity, labels, filesystem.size);
  if (filesystem.inodes === 0) return;
  yield sample(metrics.inodes, labels, filesystem.inodes);
  yield sample(metrics.inodesUsed, labels, filesystem.inodesUsed);
}
