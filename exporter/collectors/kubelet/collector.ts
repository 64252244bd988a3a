import type { KubeletSource } from '../../config.ts';
import type { Reason } from '../../metrics/self.ts';
import { volumeMetrics as metrics } from '../../metrics/volume.ts';
import type { Problem, State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { Collector, NetworkReading, Source } from '../collector.ts';
import { type ClaimFacts, readClaim } from './claim.ts';
import { isFilesystem, sharedFilesystems } from './filesystems.ts';
import { type AskNodes, type NodeVolumes, nodeAsker } from './nodes.ts';
import type { VolumeStats } from './summary.ts';

type DeclaredClaim = KubeletSource['claims'][number];

export interface ClaimReading {
  readonly facts: ClaimFacts;
  /** Null when no kubelet has figures of it. */
  readonly stats: VolumeStats | null;
  /** When a kubelet last had some; seconds since the epoch, 0 for never. */
  readonly measuredAt: number;
  /** Why kubelets never have figures of such a volume. That is how it is, and no failure to read it. */
  readonly unmeasured: Problem | null;
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
  overview: sharedFilesystems,
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
      const unmeasured = stats === null ? unmeasurable(facts) : null;
      const problem = stats === null && unmeasured === null ? lacking(facts, nodes) : facts.problem;
      return { reading: { facts, stats, measuredAt, unmeasured }, problem };
    },
  };
}

function unmeasurable({ volumeType }: ClaimFacts): Problem | null {
  if (volumeType !== 'hostPath') return null;
  const help = 'the node role measures it below the directory of its provisioner';
  return { reason: 'no_statistics', message: `kubelets measure no volume of the type hostPath: ${help}` };
}

function lacking(facts: ClaimFacts, nodes: readonly NodeVolumes[]): Problem {
  if (facts.volume === '') return { reason: 'not_bound', message: 'the claim is not bound to a volume' };
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
  const reason = unmeasuredReason(reading, problem);
  if (reason !== undefined) yield sample(metrics.unmeasured, { ...claim, reason }, 1);
  if (fresh && reading?.stats != null) yield* figures(claim, reading.facts, reading.stats);
}

/** That only the volume behind it could not be read leaves it measured. */
function unmeasuredReason(reading: ClaimReading | null, problem: Problem | null): Reason | undefined {
  if (problem === null || problem === reading?.facts.problem) {
    return reading?.stats == null ? (reading?.unmeasured ?? problem)?.reason : undefined;
  }
  return problem.reason;
}

/** Figures of a file system are never given out as those of the claim. */
function* figures(
  claim: { claim_namespace: string; claim: string },
  facts: ClaimFacts,
  stats: VolumeStats,
): Generator<Sample> {
  const labels = { ...claim, method: 'kubelet', scope: isFilesystem(facts, stats) ? 'filesystem' : 'volume' };
  yield sample(metrics.used, labels, stats.used);
  yield sample(metrics.available, labels, stats.available);
  yield sample(metrics.capacity, labels, stats.capacity);
  if (stats.inodes === null || stats.inodes === 0 || stats.inodesUsed === null) return;
  yield sample(metrics.inodes, labels, stats.inodes);
  yield sample(metrics.inodesUsed, labels, stats.inodesUsed);
}
