import {
  type ClusterSettings,
  podsService,
  type Stack,
  type StorageSettings,
  type StoredComponent,
} from '../stack/types.ts';
import type { BareObject } from './component.ts';
import { type PodWish, podTemplate } from './pod.ts';
import { quantity } from './resources.ts';

/** A component that keeps data, in each of its pods its own. */
export interface StatefulWish {
  readonly name: string;
  readonly replicas: number;
  readonly component: StoredComponent;
  readonly selector: Readonly<Record<string, string>>;
  readonly pod: Omit<PodWish, 'labels'>;
}

/** Name of the volume with the data in every pod. */
export const dataVolume = 'data';

/**
 * Pods with claims that outlive them: the old pod is gone before the new one starts, so that two never open the same data.
 * Parallel, because with OrderedReady a pod that cannot start keeps its own correction from being rolled out; a change still
 * reaches one pod after another.
 */
export function statefulSet(
  { name, replicas, component, selector, pod }: StatefulWish,
  cluster: ClusterSettings,
): BareObject {
  const storage = cluster.storage[component];
  const data = { name: dataVolume, persistentVolumeClaim: { claimName: storage.claim } };
  const volumes = storage.claim === null ? pod.volumes : [...pod.volumes, data];
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: {
      replicas,
      serviceName: replicas === 1 ? name : podsService(name),
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: selector },
      template: podTemplate({ ...pod, labels: selector, volumes }, cluster),
      ...(storage.claim === null ? { volumeClaimTemplates: [claimTemplate(storage)] } : {}),
    },
  };
}

function claimTemplate({ size, storageClass }: StorageSettings): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: dataVolume },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(storageClass === null ? {} : { storageClassName: storageClass }),
      resources: { requests: { storage: quantity(size) } },
    },
  };
}

/**
 * Bytes that Prometheus may keep: a fifth of the claim stays free for its log and for blocks that are being merged. null: it
 * lies on a claim of others, whose size is not known here.
 */
export function retentionSize({ prometheus }: Stack, { storage }: ClusterSettings): number | null {
  const { size, claim } = storage.prometheus;
  return prometheus.retention.size ?? (claim === null ? Math.floor(size * 0.8) : null);
}
