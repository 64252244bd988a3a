import type { SecretPlan } from '../../../../k8s/types.ts';
import { isApiError } from '../../client/errors.ts';
import { list, locate, read, referenceOf, remove } from '../../client/objects.ts';
import type { Cluster, LiveObject } from '../../client/types.ts';
import type { Ground } from './types.ts';

/** Annotation of a pod: the version of the Secret that it was last told of. */
const annotation = 'lookout/secret-version';

/**
 * Has the kubelet look at once at the Secrets of the pods that mount them, which it otherwise does once a minute. Source:
 * Kubernetes documentation, "ConfigMaps", on mounted ConfigMaps that are updated automatically. Without the right to change
 * pods it just takes longer.
 */
export async function wakePods({ cluster, plans }: Pick<Ground, 'cluster' | 'plans'>): Promise<void> {
  for (const plan of plans) {
    const version = (await read(cluster, secretReference(plan)))?.metadata.resourceVersion ?? '';
    const pods = await list(cluster, { apiVersion: 'v1', kind: 'Pod' }, { namespace: plan.namespace });
    const mounting = pods.filter((pod) => JSON.stringify(pod['spec']).includes(`"${plan.name}"`));
    await Promise.all(mounting.map((pod) => annotate(cluster, pod, version)));
  }
}

async function annotate(cluster: Cluster, pod: LiveObject, version: string): Promise<void> {
  const { path, subject } = await locate(cluster, referenceOf(pod), 'patch');
  const body = { metadata: { annotations: { [annotation]: version } } };
  try {
    await cluster.send({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json', subject });
  } catch (error) {
    if (!isApiError(error, 403, 404)) throw error;
  }
}

/** Seconds since the epoch at which a planned Secret was last written by us; whole ones, as the API server notes them. */
export async function writtenAt(cluster: Cluster, plan: SecretPlan): Promise<number> {
  const live = await read(cluster, secretReference(plan));
  const times = (live?.metadata.managedFields ?? []).map(({ time = '' }) => Date.parse(time) / 1000);
  return Math.max(0, ...times.filter((time) => !Number.isNaN(time)));
}

/** Ends the pods behind a Service that are older than that; their workload starts new ones. */
export async function replacePods(
  { cluster }: Pick<Ground, 'cluster'>,
  service: { readonly name: string; readonly namespace: string },
  before: number,
): Promise<void> {
  const live = await read(cluster, { apiVersion: 'v1', kind: 'Service', ...service });
  const { selector = {} } = (live?.['spec'] ?? {}) as { selector?: Readonly<Record<string, string>> };
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  if (labels.length === 0) throw new Error(`the Service ${service.namespace}/${service.name} selects no pods`);
  const selection = { namespace: service.namespace, labels: labels.join(',') };
  const pods = await list(cluster, { apiVersion: 'v1', kind: 'Pod' }, selection);
  for (const pod of pods.filter(({ metadata }) => Date.parse(metadata.creationTimestamp) / 1000 <= before))
    await remove(cluster, referenceOf(pod), { uid: pod.metadata.uid });
}

function secretReference({ name, namespace }: SecretPlan) {
  return { apiVersion: 'v1', kind: 'Secret', name, namespace };
}
