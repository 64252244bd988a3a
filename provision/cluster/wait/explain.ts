import type { LiveObject } from '../client/types.ts';
import { containerCause, type Found, unsteadyCause } from './containers.ts';
import { condition } from './readiness.ts';
import { currentPodsOf, eventOf } from './scene.ts';
import { unsteadyContainer } from './steady.ts';
import type { Cause, Pod, Scene } from './types.ts';

/** A cause with the place where a person would look next. */
export interface Explanation extends Omit<Cause, 'log'> {
  readonly logOf?: { readonly pod: string; readonly container: string; readonly previous: boolean };
}

/**
 * The deepest cause for which a workload is not ready, or not for long enough; undefined when nothing speaks against its
 * becoming so.
 * @param now Milliseconds since the epoch.
 */
export function explain(workload: LiveObject, scene: Scene, now: number): Explanation | undefined {
  const pods = currentPodsOf(scene, workload).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const causes = pods.map((pod) =>
    isReady(pod) ? explained(pod, unsteadyCause(unsteadyContainer(pod, now))) : explainPod(pod, scene),
  );
  return worst(causes.filter((cause) => cause !== undefined)) ?? withoutPods(workload, pods, scene);
}

export function explainPod(pod: Pod, scene: Scene): Explanation | undefined {
  return explained(pod, unscheduled(pod, scene) ?? containerCause(pod, scene) ?? mounts(pod, scene) ?? evicted(pod));
}

function explained({ metadata }: Pod, found: Found | undefined): Explanation | undefined {
  if (found === undefined) return undefined;
  const { name, namespace = '' } = metadata;
  const { text, ends, logOf } = found;
  const place = `--namespace ${namespace}`;
  const command =
    logOf === undefined
      ? `kubectl describe pod ${name} ${place}`
      : `kubectl logs ${name} --container ${logOf.container}${logOf.previous ? ' --previous' : ''} ${place}`;
  return {
    text: `pod ${name}: ${text}`,
    ends,
    command,
    ...(logOf === undefined ? {} : { logOf: { pod: name, ...logOf } }),
  };
}

export function isReady(pod: Pod): boolean {
  return condition(pod, 'Ready')?.status === 'True';
}

const severity: readonly Cause['ends'][] = ['now', 'soon', 'never'];

function worst(causes: readonly Explanation[]): Explanation | undefined {
  return causes.toSorted((one, other) => severity.indexOf(one.ends) - severity.indexOf(other.ends))[0];
}

/** What a pod waits for before it has a node: most often a claim, which knows the reason better. */
function unscheduled(pod: Pod, scene: Scene): Found | undefined {
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  const names = (pod.spec.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) =>
    claim === undefined ? [] : [claim.claimName],
  );
  const causes = names.map((name) => unbound(name, scene));
  return (
    causes.find((cause) => cause !== undefined) ?? {
      text: `has no node: ${scheduled.message ?? scheduled.reason ?? ''}`,
      ends: 'never',
    }
  );
}

function unbound(name: string, scene: Scene): Found | undefined {
  const claim = scene.claims.find(({ metadata }) => metadata.name === name);
  if (claim === undefined) return { text: `the claim ${name} does not exist`, ends: 'soon' };
  const { phase } = (claim['status'] ?? {}) as { readonly phase?: string };
  if (phase === 'Bound') return undefined;
  const { storageClassName } = claim['spec'] as { readonly storageClassName?: string };
  const why = eventOf(scene, claim.metadata.uid, 'ProvisioningFailed', 'FailedBinding')?.message;
  if (why === undefined) return undefined;
  const noClass = /storageclass.* not found|no storage class is set/i.test(why);
  return {
    text: `the claim ${name} is not bound${storageClassName === undefined ? '' : ` (class ${storageClassName})`}: ${why}`,
    ends: noClass ? 'now' : 'never',
  };
}

/** Volumes that cannot be mounted show in events alone. */
function mounts(pod: Pod, scene: Scene): Found | undefined {
  if (pod.status?.containerStatuses?.some(({ state }) => state?.running !== undefined) === true) return undefined;
  const event = eventOf(scene, pod.metadata.uid, 'FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox');
  return event?.message === undefined
    ? undefined
    : { text: event.message, ends: event.reason === 'FailedMount' ? 'soon' : 'never' };
}

function evicted(pod: Pod): Found | undefined {
  const { phase, message } = pod.status ?? {};
  return phase === 'Failed' ? { text: `failed: ${message ?? 'no reason given'}`, ends: 'never' } : undefined;
}

/** The API server refuses its pods: Pod Security, a missing service account, a quota. */
function withoutPods(workload: LiveObject, pods: readonly Pod[], scene: Scene): Explanation | undefined {
  const { kind, metadata } = workload;
  const sets = scene.replicaSets.filter(({ metadata: set }) =>
    set.ownerReferences?.some(({ uid }) => uid === metadata.uid),
  );
  const refused =
    condition(workload, 'ReplicaFailure')?.message ??
    (pods.length > 0
      ? undefined
      : [workload, ...sets]
          .map((one) => eventOf(scene, one.metadata.uid, 'FailedCreate')?.message)
          .find((text) => text !== undefined));
  if (refused === undefined) return undefined;
  const command = `kubectl describe ${kind.toLowerCase()} ${metadata.name} --namespace ${metadata.namespace ?? ''}`;
  return {
    text: `its pods are refused: ${refused}`,
    ends: /violates PodSecurity|serviceaccount .* not found/i.test(refused) ? 'now' : 'never',
    command,
  };
}
