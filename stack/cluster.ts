import { claimSizes, clusterAddresses, clusterComponents, defaults, localPathDirectories } from './defaults.ts';
import type { Declared } from './schema/environment.ts';
import { secretNames } from './secrets.ts';
import type { ClusterSettings, StorageSettings, StoredComponent } from './types.ts';

/** What holds in a cluster; null on one machine. */
export function clusterSettings({ platform, cluster }: Declared, namespace: string): ClusterSettings | null {
  if (platform !== 'kubernetes') return null;
  const distribution = cluster?.distribution ?? 'kubernetes';
  return {
    context: null,
    namespace,
    distribution,
    access: 'cluster',
    localPath: cluster?.localPath ?? localPathDirectories[distribution],
    flavour: 'standalone',
    delivery: { kind: 'apply' },
    components: clusterComponents,
    storage: { prometheus: storage('prometheus'), alertmanager: storage('alertmanager'), grafana: storage('grafana') },
    grafana: {
      address: clusterAddresses.grafana,
      user: defaults.grafanaUser,
      password: secretNames.grafana,
      secretKey: secretNames.grafanaKey,
      exposure: { kind: 'none' },
    },
    images: { registry: null, pullSecrets: [] },
  };
}

function storage(component: StoredComponent): StorageSettings {
  return { size: claimSizes[component], storageClass: null, claim: null };
}
