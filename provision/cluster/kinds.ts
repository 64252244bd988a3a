import { groupOf } from './client/kinds.ts';
import type { Kind } from './client/types.ts';

/** `Deployment.apps`, `ConfigMap`: a kind without its version, as ApplySet writes it. */
export function groupKind({ apiVersion, kind }: Kind): string {
  const group = groupOf(apiVersion);
  return group === '' ? kind : `${kind}.${group}`;
}

/** Kinds that hold data of people: never pruned, deleted only when somebody asks for exactly that. */
const kept: readonly string[] = [
  'PersistentVolumeClaim',
  'Secret',
  'Namespace',
  'CustomResourceDefinition.apiextensions.k8s.io',
];

export function isKept(kind: Kind): boolean {
  return kept.includes(groupKind(kind));
}

/** What must be there before what; objects are deleted in the reverse order. */
const stages: readonly (readonly string[])[] = [
  ['Namespace', 'CustomResourceDefinition.apiextensions.k8s.io'],
  [
    'StorageClass.storage.k8s.io',
    'PriorityClass.scheduling.k8s.io',
    'ServiceAccount',
    'ClusterRole.rbac.authorization.k8s.io',
    'Role.rbac.authorization.k8s.io',
  ],
  ['ClusterRoleBinding.rbac.authorization.k8s.io', 'RoleBinding.rbac.authorization.k8s.io'],
  [
    'ConfigMap',
    'Secret',
    'PersistentVolumeClaim',
    'Service',
    'NetworkPolicy.networking.k8s.io',
    'PodDisruptionBudget.policy',
    'ResourceQuota',
    'LimitRange',
  ],
  ['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps', 'Job.batch', 'CronJob.batch', 'Pod'],
];
const webhooks = [
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
];

/** Custom resources, Ingresses and autoscalers come after the workloads, webhooks last. */
export function stageOf(kind: Kind): number {
  const name = groupKind(kind);
  if (webhooks.includes(name)) return stages.length + 1;
  const stage = stages.findIndex((names) => names.includes(name));
  return stage < 0 ? stages.length : stage;
}

export const stageCount = stages.length + 2;
