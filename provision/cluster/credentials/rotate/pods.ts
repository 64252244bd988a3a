import type { SecretPlan } from '../../../../k8s/types.ts';
import { isOurs, type SecretName } from '../../../../stack/types.ts';
import { isApiError } from '../../client/errors.ts';
import { list, locate, read, referenceOf, remove } from '../../client/objects.ts';
import type { Cluster, LiveObject } from '../../client/types.ts';
import { stateOf } from '../../wait/readiness.ts';
import { namesIn } from '../render.ts';
import { until, within } from './steps.ts';
import type { Ground } from './types.ts';

/** Milliseconds in which a woken pod has the new files and Prometheus has read them. */
const patience = 20_000;

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

/**
 * Has Prometheus send what its files hold now: it may go on with what it read first for each target, whatever is reloaded (seen
 * with Debian's build of 3.5.3). Then its pod is replaced.
 * @param isSent whether it does.
 */
export async function awaitPrometheus(
  ground: Ground,
  written: number,
  what: string,
  isSent: () => Promise<boolean>,
): Promise<void> {
  const { stack } = ground;
  // An operator puts the value into the configuration that it makes; the pods are not ours to end.
  if (!isOurs(stack, 'prometheus')) return until(ground, what, isSent);
  const readable = 7 * stack.intervals.scrape * 1000 + patience;
  if (await within(ground, readable, isSent)) return;
  ground.tell('verify: Prometheus goes on with what it read first: its pod is replaced');
  const [name = ''] = stack.prometheus.address.split(/[.:]/);
  await replacePods(ground, { name, namespace: stack.cluster?.namespace ?? '' }, written);
  await until(ground, what, isSent);
}

/**
 * Ends the pods behind a Service that are older than that, one after another: their StatefulSet starts each anew under its name,
 * and the next one goes when it is ready.
 */
export async function replacePods(
  ground: Pick<Ground, 'cluster' | 'now' | 'sleep'>,
  service: { readonly name: string; readonly namespace: string },
  before: number,
): Promise<void> {
  const { cluster } = ground;
  const live = await read(cluster, { apiVersion: 'v1', kind: 'Service', ...service });
  const { selector = {} } = (live?.['spec'] ?? {}) as { selector?: Readonly<Record<string, string>> };
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  if (labels.length === 0) throw new Error(`the Service ${service.namespace}/${service.name} selects no pods`);
  const selection = { namespace: service.namespace, labels: labels.join(',') };
  const pods = await list(cluster, { apiVersion: 'v1', kind: 'Pod' }, selection);
  for (const pod of pods.filter(({ metadata }) => Date.parse(metadata.creationTimestamp) / 1000 <= before)) {
    await remove(cluster, referenceOf(pod), { uid: pod.metadata.uid });
    await until(ground, `the pod ${pod.metadata.name} is there again`, async () => {
      const next = await read(cluster, referenceOf(pod));
      return next !== undefined && next.metadata.uid !== pod.metadata.uid && stateOf(next).phase === 'ready';
    });
  }
}

/** The planned Secret that holds a secret. */
export function planOf({ plans }: Pick<Ground, 'plans'>, secret: SecretName): SecretPlan {
  const plan = plans.find((each) => namesIn(each).has(secret));
  if (plan === undefined) throw new Error(`no planned Secret holds ${secret}`);
  return plan;
}

function secretReference({ name, namespace }: SecretPlan) {
  return { apiVersion: 'v1', kind: 'Secret', name, namespace };
}
