import { isApiError } from '../client/errors.ts';
import { list } from '../client/objects.ts';
import type { Cluster, Kind, LiveObject } from '../client/types.ts';
import type { Event, Pod, Scene } from './types.ts';

/** What explains a wait in a namespace. What we have no right to see is left out: the explanation is then shorter. */
export async function readScene(cluster: Cluster, namespace: string): Promise<Scene> {
  const [pods, replicaSets, claims, events] = await Promise.all([
    visible<Pod>(cluster, { apiVersion: 'v1', kind: 'Pod' }, namespace),
    visible(cluster, { apiVersion: 'apps/v1', kind: 'ReplicaSet' }, namespace),
    visible(cluster, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' }, namespace),
    visible<Event>(cluster, { apiVersion: 'v1', kind: 'Event' }, namespace),
  ]);
  return {
    pods,
    replicaSets,
    claims,
    events: events.toSorted((one, other) => timeOf(other).localeCompare(timeOf(one))),
  };
}

async function visible<Item extends LiveObject = LiveObject>(
  cluster: Cluster,
  kind: Kind,
  namespace: string,
): Promise<readonly Item[]> {
  try {
    return (await list(cluster, kind, { namespace })) as readonly Item[];
  } catch (error) {
    if (isApiError(error, 403)) return [];
    throw error;
  }
}

function timeOf({ lastTimestamp, eventTime, metadata }: Event): string {
  return lastTimestamp ?? eventTime ?? metadata.creationTimestamp;
}

/** The newest event of an object with one of these reasons. */
export function eventOf({ events }: Scene, uid: string, ...reasons: readonly string[]): Event | undefined {
  return events.find(
    ({ involvedObject, reason = '' }) =>
      involvedObject.uid === uid && (reasons.length === 0 || reasons.includes(reason)),
  );
}

/** The pods that a workload owns, through its ReplicaSets where it has some; the newest first. */
export function podsOf({ pods, replicaSets }: Scene, { metadata: { uid } }: LiveObject): readonly Pod[] {
  const owners = [uid, ...replicaSets.filter((set) => isOwnedBy(set, [uid])).map(({ metadata }) => metadata.uid)];
  return pods
    .filter((pod) => isOwnedBy(pod, owners))
    .toSorted((one, other) => other.metadata.creationTimestamp.localeCompare(one.metadata.creationTimestamp));
}

function isOwnedBy({ metadata: { ownerReferences = [] } }: LiveObject, uids: readonly string[]): boolean {
  return ownerReferences.some(({ controller, uid }) => controller === true && uids.includes(uid));
}

/** Only pods of the newest revision tell how an update goes: those of an older one are about to go. */
export function currentPodsOf(scene: Scene, workload: LiveObject): readonly Pod[] {
  const pods = podsOf(scene, workload);
  const mark = revisionOf(scene, workload);
  return mark === undefined ? pods : pods.filter(({ metadata }) => metadata.labels?.[mark.label] === mark.value);
}

/** The label by which a workload tells its newest pods. Source: Kubernetes documentation, well-known labels. */
export function revisionOf({ replicaSets }: Scene, workload: LiveObject) {
  const { metadata, kind } = workload;
  const label = (name: string, value: string | undefined) => (value === undefined ? undefined : { label: name, value });
  if (kind === 'StatefulSet')
    return label(
      'controller-revision-hash',
      (workload['status'] as { updateRevision?: string } | undefined)?.updateRevision,
    );
  if (kind === 'DaemonSet')
    return label('pod-template-generation', metadata.annotations?.['deprecated.daemonset.template.generation']);
  if (kind !== 'Deployment') return undefined;
  const revision = metadata.annotations?.[revisionAnnotation];
  const set = replicaSets.find(
    (one) => isOwnedBy(one, [metadata.uid]) && one.metadata.annotations?.[revisionAnnotation] === revision,
  );
  return label('pod-template-hash', set?.metadata.labels?.['pod-template-hash']);
}

const revisionAnnotation = 'deployment.kubernetes.io/revision';
