import type { KubeletSource } from '../../config.ts';
import { volumeMetrics as metrics } from '../../metrics/volume.ts';
import type { Problem, State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { Collector, NetworkReading, Source } from '../collector.ts';
import { type ClaimFacts, readClaim } from './claim.ts';
import { type AskNodes, type NodeVolumes, nodeAsker } from './nodes.ts';
import type { VolumeStats } from './summary.ts';

type DeclaredClaim = KubeletSource['claims'][number];

export interface ClaimReading {
  readonly facts: ClaimFacts;
  /** Null when no kubelet has figures of it. */
  readonly stats: VolumeStats | null;
  /** When a kubelet last had some; seconds since the epoch, 0 for never. */
  readonly measuredAt: number;
}

/** How much of declared claims is in use, as the kubelets of their nodes have measured it. */
export const kubelet: Collector<DeclaredClaim, ClaimReading> = {
  name: 'kubelet',
  families: Object.values(metrics),
  sources: ({ kubelet: declared, interval }) => {
    if (declared === undefined) return [];
    const ask = nodeAsker(declared, interval / 2);
    return declared.claims.map((claim) => source(claim, ask));
  },
  samples: claimSamples,
};

function source(claim: DeclaredClaim, ask: AskNodes): Source<DeclaredClaim, ClaimReading> {
  return { name: `${claim.namespace}/${claim.name}`, declared: claim, read: reading(claim, ask) };
}

function reading({ namespace, name }: DeclaredClaim, ask: AskNodes): NetworkReading<ClaimReading> {
  let measuredAt = 0;
  return {
    kind: 'network',
    read: async ({ kubernetes, signal }) => {
      const [facts, nodes] = await Promise.all([
        readClaim(kubernetes.api, namespace, name, signal),
        ask(kubernetes, signal),
      ]);
      const all = nodes.flatMap(({ claims }) => claims);
      const found = all.filter((each) => each.claim === name && each.namespace === namespace);
      const stats = found.sort((a, b) => b.at - a.at)[0] ?? null;
      measuredAt = stats?.at ?? measuredAt;
      return {
        reading: { facts, stats, measuredAt },
        problem: stats === null ? lacking(facts, nodes) : facts.problem,
      };
    },
  };
}

function lacking(facts: ClaimFacts, nodes: readonly NodeVolumes[]): Problem {
  if (facts.volume === '') return { reason: 'not_bound', message: 'the claim is not bound to a volume' };
  if (facts.volumeType === 'hostPath') {
    const help = 'declare its directory as a volume of the node role';
    return { reason: 'no_statistics', message: `kubelets measure no volume of the type hostPath: ${help}` };
  }
  const silent = nodes.find(({ problem }) => problem !== null);
  if (silent?.problem != null) return silent.problem;
  return facts.problem ?? { reason: 'not_mounted', message: 'no kubelet has figures of it: no running pod mounts it' };
}

function* claimSamples(declared: DeclaredClaim, { reading, fresh, problem }: State<ClaimReading>): Generator<Sample> {
  const claim = { claim_namespace: declared.namespace, claim: declared.name };
  const { volume = '', storageClass = '', volumeType = '', requested = null } = reading?.facts ?? {};
  const kind = { volume, storage_class: storageClass, volume_type: volumeType, node: reading?.stats?.node ?? '' };
  yield sample(metrics.info, { ...claim, ...kind }, 1);
  if (requested !== null) yield sample(metrics.requested, claim, requested);
  yield sample(metrics.measured, claim, reading?.measuredAt ?? 0);
  // That only the volume behind it could not be read leaves it measured.
  const measured = problem === null || (reading?.stats != null && problem === reading.facts.problem);
  if (!measured) yield sample(metrics.unmeasured, { ...claim, reason: problem.reason }, 1);
  if (fresh && reading?.stats != null) yield* figures(claim, reading.facts, reading.stats);
}

/**
 * What is larger than the volume that was bound, or may be shared with others, is a file system and never given out as the
 * figures of the claim.
 */
function* figures(
  claim: { claim_namespace: string; claim: string },
  facts: ClaimFacts,
  stats: VolumeStats,
): Generator<Sample> {
  const larger = facts.capacity !== null && stats.capacity > facts.capacity;
  const labels = { ...claim, method: 'kubelet', scope: facts.shared || larger ? 'filesystem' : 'volume' };
  yield sample(metrics.used, labels, stats.used);
  yield sample(metrics.available, labels, stats.available);
  yield sample(metrics.capacity, labels, stats.capacity);
  if (stats.inodes === null || stats.inodes === 0 || stats.inodesUsed === null) return;
  yield sample(metrics.inodes, labels, stats.inodes);
  yield sample(metrics.inodesUsed, labels, stats.inodesUsed);
}
