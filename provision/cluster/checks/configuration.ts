import type { KubernetesObject, Manifests } from '../../../k8s/types.ts';
import type { ConfigurationFile } from '../../checks/check.ts';
import { read, referenceOf } from '../client/objects.ts';
import type { Cluster } from '../client/types.ts';

/** The files that pods mount from ConfigMaps, and whether the cluster has each as it was built. */
export async function configurationOf(cluster: Cluster, { objects }: Manifests): Promise<readonly ConfigurationFile[]> {
  const maps = objects.filter(({ kind }) => kind === 'ConfigMap');
  return (await Promise.all(maps.map((map) => compare(cluster, map)))).flat();
}

async function compare(cluster: Cluster, built: KubernetesObject): Promise<readonly ConfigurationFile[]> {
  const live = (await read(cluster, referenceOf(built)))?.['data'] as ConfigData | undefined;
  return Object.entries((built['data'] ?? {}) as ConfigData).map(([key, content]) => ({
    path: `${built.metadata.name}/${key}`,
    equal: live?.[key] === content,
  }));
}

type ConfigData = Readonly<Record<string, string>>;
