import type { VolumeSource } from '../../config.ts';
import { volumeMetrics as metrics } from '../../metrics/volume.ts';
import type { State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { Collector, Source } from '../collector.ts';
import { filesystemSamples } from './filesystems.ts';
import type { FilesystemReading, VolumeReading } from './reading.ts';
import type { VolumeRequest } from './task.ts';

export interface DeclaredVolume extends VolumeSource {
  readonly node: string;
}

/** How much of each declared volume is in use, and how much is left below it. */
export const volumes: Collector<DeclaredVolume, VolumeReading> = {
  name: 'volumes',
  families: Object.values(metrics),
  sources: ({ volumes: declared, node }) => {
    const named = Map.groupBy(declared, ({ name }) => name);
    return declared.map((volume) => source({ ...volume, node }, named.get(volume.name)?.length === 1));
  },
  samples: volumeSamples,
  overview: filesystemSamples,
};

/** @param unique whether no other namespace has a claim of that name. */
function source(declared: DeclaredVolume, unique: boolean): Source<DeclaredVolume, VolumeReading> {
  const { name, namespace, directory } = declared;
  const request: VolumeRequest = { directory };
  return {
    name: unique ? name : `${namespace}/${name}`,
    declared,
    read: { kind: 'file', task: 'volume', request, path: directory },
  };
}

function* volumeSamples(declared: DeclaredVolume, state: State<VolumeReading>): Generator<Sample> {
  const claim = { claim_namespace: declared.namespace, claim: declared.name };
  const { reading, fresh, problem } = state;
  const kind = { volume: '', storage_class: '', volume_type: 'directory', node: declared.node };
  yield sample(metrics.info, { ...claim, ...kind }, 1);
  if (declared.requested !== null) yield sample(metrics.requested, claim, declared.requested);
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
