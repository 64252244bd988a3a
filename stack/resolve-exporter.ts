import { type Addresses, clusterAddresses } from './defaults.ts';
import { mounts, type Watched } from './placement.ts';
import type { Declared } from './schema/environment.ts';
import { secretNames } from './secrets.ts';
import {
  type ClusterSettings,
  type ExporterRole,
  type ExporterSettings,
  type ExporterTls,
  isAskedByPath,
  traceReceiver,
} from './types.ts';

export function resolveExporter(
  { exporter }: Declared,
  watched: Watched,
  cluster: ClusterSettings | null,
  local: Addresses,
): ExporterSettings {
  const common = { token: secretNames.scrape, traces: exporter?.traces ?? (cluster && traceReceiver(cluster)) };
  if (cluster === null) return { address: local.exporter, roles: [], node: null, tls: null, ...common };
  const found = mounts(watched, cluster);
  const node =
    found.length === 0 ? null : { address: clusterAddresses.exporterNode, mounts: found, nodes: exporter?.nodes ?? {} };
  const roles: readonly ExporterRole[] = [
    ...(node === null || asks(watched, cluster) ? (['api'] as const) : []),
    ...(node === null ? [] : (['node'] as const)),
  ];
  return { address: clusterAddresses.exporter, roles, node, tls: tls(exporter?.tls), ...common };
}

/** Whether anything is asked over the network. */
function asks({ backups, volumes, certificates }: Watched, { access }: ClusterSettings): boolean {
  const { secrets, discover, certManager, endpoints } = certificates;
  return (
    secrets.length + certManager.length > 0 ||
    discover !== null ||
    backups.some(({ cronJob, cleanup }) => cronJob !== null || cleanup !== null) ||
    (access === 'cluster' && volumes.some(({ directory }) => directory === null)) ||
    endpoints.some((endpoint) => !isAskedByPath(certificates, endpoint))
  );
}

function tls(declared: NonNullable<Declared['exporter']>['tls']): ExporterTls | null {
  if (declared === undefined) return null;
  const [host = ''] = clusterAddresses.exporter.split(':');
  return { ...secretNames.exporterTls, serverName: declared.serverName ?? host };
}
