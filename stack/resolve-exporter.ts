import { type Addresses, clusterAddresses } from './defaults.ts';
import { mounts, type Watched } from './placement.ts';
import type { Declared } from './schema/environment.ts';
import { secretNames } from './secrets.ts';
import type { ClusterSettings, ExporterSettings, ExporterTls } from './types.ts';

export function resolveExporter(
  { exporter }: Declared,
  watched: Watched,
  cluster: ClusterSettings | null,
  local: Addresses,
): ExporterSettings {
  const common = { token: secretNames.scrape, traces: exporter?.traces ?? null };
  if (cluster === null) return { address: local.exporter, node: null, tls: null, ...common };
  const found = mounts(watched, cluster);
  const node = found.length === 0 ? null : { address: clusterAddresses.exporterNode, mounts: found };
  return { address: clusterAddresses.exporter, node, tls: tls(exporter?.tls), ...common };
}

function tls(declared: NonNullable<Declared['exporter']>['tls']): ExporterTls | null {
  if (declared === undefined) return null;
  const [host = ''] = clusterAddresses.exporter.split(':');
  return { ...secretNames.exporterTls, serverName: declared.serverName ?? host };
}
