import { volumeMetrics as metrics } from '../exporter/metrics/volume.ts';
import type { Stack } from '../stack/types.ts';
import type { RecordingRule, RuleContext } from './types.ts';
import { storage } from './vocabulary.ts';

const ofClaim = '(namespace, claim_namespace, claim)';
const ofPlace = '(namespace, node, path)';

/**
 * What is known of volumes in one vocabulary, whoever has measured them: the exporter, and of claims of which it has no figures
 * at all the kubelets that Prometheus scrapes. Of what the exporter measures only figures of the claim itself count, against the size
 * that was asked for. What a kubelet says is of the file system that is mounted for the claim, which others may share
 * (local volumes, NFS): it counts against the size of that file system, and full is full for the claim too.
 */
export function volumeRecords(context: RuleContext): readonly RecordingRule[] {
  const { select } = context;
  const own = `max by ${ofClaim} (${select(metrics.used, 'scope="volume"')})`;
  const requested = `max by ${ofClaim} (${select(metrics.requested)} > 0) and on ${ofClaim} ${select(metrics.used, 'scope="volume"')}`;
  const inodes = `max by ${ofClaim} (${select(metrics.inodesUsed)} / (${select(metrics.inodes)} > 0))`;
  const [used, capacity] = [kubelets(context, 'used_bytes'), kubelets(context, 'capacity_bytes')];
  const [inodesUsed, allInodes] = [kubelets(context, 'inodes_used'), kubelets(context, 'inodes')];
  const either = (first: string, second: string | undefined) =>
    second === undefined ? first : `(${first}) or ${second} unless on ${ofClaim} ${select(metrics.used)}`;
  return [
    { record: storage.volumeUsedBytes, expr: either(own, used) },
    { record: storage.volumeSize, expr: either(requested, capacity && `${capacity} > 0`) },
    { record: storage.volumeUsed, expr: `${select(storage.volumeUsedBytes)} / ${select(storage.volumeSize)}` },
    {
      record: storage.volumeInodesUsed,
      expr: either(inodes, inodesUsed && `${inodesUsed} / (${allInodes} > 0)`),
    },
  ];
}

/** How full file systems are, and how much of them was promised. */
export function filesystemRecords({ select }: RuleContext): readonly RecordingRule[] {
  const size = `max by ${ofPlace} (${select(metrics.filesystemSize)} > 0)`;
  return [
    {
      record: storage.filesystemUsed,
      expr: `1 - min by ${ofPlace} (${select(metrics.filesystemAvailable)}) / ${size}`,
    },
    {
      record: storage.filesystemClaimed,
      expr: `max by ${ofPlace} (${select(metrics.filesystemClaimed)}) / ${size}`,
    },
  ];
}

/** A Prometheus that is there already commonly scrapes the kubelets; one of our own does not, for the exporter asks them. */
export function hasKubelets({ cluster }: Stack): boolean {
  return cluster?.components.prometheus.kind === 'existing';
}

/**
 * A figure of the kubelets, of the claims in the namespaces of the stack, with the labels of the exporter's. They are commonly
 * scraped with `honor_labels`, so that `namespace` is the claim's. Names: Kubernetes, "Kubernetes Metrics Reference",
 * `kubelet_volume_stats_`.
 */
function kubelets({ stack }: RuleContext, figure: string): string | undefined {
  if (!hasKubelets(stack)) return undefined;
  const names = [stack.namespace, stack.cluster?.namespace ?? '', ...stack.volumes.map(({ namespace }) => namespace)];
  const metric = `kubelet_volume_stats_${figure}{namespace=~"${[...new Set(names)].join('|')}"}`;
  const claim = `label_replace(${metric}, "claim", "$1", "persistentvolumeclaim", "(.+)")`;
  const named = `label_replace(${claim}, "claim_namespace", "$1", "namespace", "(.+)")`;
  return `max by ${ofClaim} (label_replace(${named}, "namespace", "${stack.namespace}", "", ""))`;
}
