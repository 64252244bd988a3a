import type { LiveObject } from '../client/types.ts';
import { groupKind } from '../kinds.ts';
import type { Condition, State } from './types.ts';

/**
 * How far an object is. Sources: kstatus (sigs.k8s.io/cli-utils) and, where it calls something ready that is not,
 * `references/appliers.md` 3.6.
 */
export function stateOf(object: LiveObject): State {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp !== undefined) {
    const holds = finalizers.length === 0 ? '' : `, held by ${finalizers.join(', ')}`;
    return waiting(`is being deleted${holds}`);
  }
  if (!isObserved(object)) return waiting('its controller has not seen the change yet');
  return (rules[groupKind(object)] ?? other)(object);
}

/** Until then its status, and its pods, tell of what it was before. */
export function isObserved(object: LiveObject): boolean {
  const { generation = 0 } = object.metadata;
  const { observedGeneration = generation } = status(object);
  return observedGeneration >= generation;
}

type Rule = (object: LiveObject) => State;

const ready: State = { phase: 'ready', text: '' };
const waiting = (text: string): State => ({ phase: 'waiting', text });
const failed = (text: string): State => ({ phase: 'failed', text });

const rules: Readonly<Record<string, Rule>> = {
  'Deployment.apps': deployment,
  'StatefulSet.apps': statefulSet,
  'DaemonSet.apps': daemonSet,
  'Job.batch': job,
  'CustomResourceDefinition.apiextensions.k8s.io': definition,
  PersistentVolumeClaim: claim,
  Namespace: (object) => (phaseOf(object) === 'Active' ? ready : waiting(`is ${phaseOf(object)}`)),
  Pod: pod,
};

function deployment(object: LiveObject): State {
  const { replicas: wanted = 1 } = spec(object);
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status(object);
  const progressing = condition(object, 'Progressing');
  const text = `${availableReplicas} of ${wanted} available`;
  if (progressing?.reason === 'ProgressDeadlineExceeded') return failed(`${text}, and no progress for too long`);
  if (updatedReplicas < wanted) return waiting(`${updatedReplicas} of ${wanted} updated`);
  if (replicas > updatedReplicas) return waiting(`${replicas - updatedReplicas} old to end`);
  return availableReplicas < wanted ? waiting(text) : ready;
}

function statefulSet(object: LiveObject): State {
  const { replicas: wanted = 1, updateStrategy } = spec(object);
  const {
    readyReplicas = 0,
    availableReplicas = 0,
    updatedReplicas = 0,
    currentRevision,
    updateRevision,
  } = status(object);
  if (readyReplicas < wanted) return waiting(`${readyReplicas} of ${wanted} ready`);
  if (availableReplicas < wanted) return waiting(`${availableReplicas} of ${wanted} available`);
  const partition = updateStrategy?.rollingUpdate?.partition ?? 0;
  if (updateStrategy?.type === 'OnDelete' || partition > 0) return ready;
  if (updatedReplicas < wanted || currentRevision !== updateRevision)
    return waiting(`${updatedReplicas} of ${wanted} updated`);
  return ready;
}

function daemonSet(object: LiveObject): State {
  const { desiredNumberScheduled: wanted = 0, numberAvailable = 0, updatedNumberScheduled = 0 } = status(object);
  if (status(object).observedGeneration === undefined) return waiting('its controller has not seen it yet');
  if (wanted === 0) return { phase: 'ready', text: 'no node matches it' };
  if (updatedNumberScheduled < wanted) return waiting(`${updatedNumberScheduled} of ${wanted} updated`);
  return numberAvailable < wanted ? waiting(`${numberAvailable} of ${wanted} available`) : ready;
}

function job(object: LiveObject): State {
  const failure = condition(object, 'Failed');
  if (failure?.status === 'True') return failed(`failed: ${failure.message ?? failure.reason ?? 'no reason given'}`);
  return condition(object, 'Complete')?.status === 'True'
    ? ready
    : waiting(`${status(object).succeeded ?? 0} completed`);
}

function definition(object: LiveObject): State {
  const names = condition(object, 'NamesAccepted');
  if (names?.status === 'False') return failed(`its names are taken: ${names.message ?? ''}`);
  return condition(object, 'Established')?.status === 'True' ? ready : waiting('is not served yet');
}

/** A claim whose class waits for its first pod is bound with the workload, which is waited for anyway. */
function claim(object: LiveObject): State {
  return phaseOf(object) === 'Lost' ? failed('its volume is lost') : ready;
}

function pod(object: LiveObject): State {
  if (phaseOf(object) === 'Failed') return failed('failed');
  const isReady = phaseOf(object) === 'Succeeded' || condition(object, 'Ready')?.status === 'True';
  return isReady ? ready : waiting(`is ${phaseOf(object)}`);
}

/** Custom resources by the conditions that many of them have; what has none is verified by asking the real thing. */
function other(object: LiveObject): State {
  const stalled = condition(object, 'Stalled');
  if (stalled?.status === 'True') return failed(stalled.message ?? stalled.reason ?? 'stalled');
  if (condition(object, 'Reconciling')?.status === 'True') return waiting('is being reconciled');
  const isReady = condition(object, 'Ready');
  return isReady === undefined || isReady.status === 'True'
    ? ready
    : waiting(isReady.message ?? isReady.reason ?? 'is not ready');
}

interface Status {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly readyReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly succeeded?: number;
  readonly phase?: string;
  readonly conditions?: readonly Condition[];
}

interface Spec {
  readonly replicas?: number;
  readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { readonly partition?: number } };
}

export function status(object: LiveObject): Status {
  return (object['status'] ?? {}) as Status;
}

function spec(object: LiveObject): Spec {
  return (object['spec'] ?? {}) as Spec;
}

export function condition(object: LiveObject, type: string): Condition | undefined {
  const { conditions = [] } = status(object);
  return Array.isArray(conditions) ? conditions.find((one) => one.type === type) : undefined;
}

function phaseOf(object: LiveObject): string {
  return status(object).phase ?? 'Unknown';
}
