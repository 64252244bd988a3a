import type { KubernetesObject } from '../../k8s/types.ts';
import { type Policy, admits as policiesAdmit } from '../../provision/cluster/policies/admits.ts';
import type { Labels, Workload } from './pods.ts';

/** A pod that sends: its namespace is that of the stack unless it says another. */
export interface Sender {
  readonly labels: Labels;
  readonly elsewhere?: boolean;
  /** Where it is said: the namespace that it is in, and not that of the stack's objects. */
  readonly namespace?: string;
}

/** Whether a pod may reach a named port of another by the policies of a stack, which are all in one namespace. */
export function admits(objects: readonly KubernetesObject[], from: Sender, to: Workload, port: string): boolean {
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy').map((object) => object['spec'] as Policy);
  const name = from.elsewhere === true ? 'elsewhere' : (from.namespace ?? here(objects));
  const sender = { labels: from.labels, namespace: { name, labels: { 'kubernetes.io/metadata.name': name } } };
  const receiver = {
    labels: to.labels,
    namespace: here(objects),
    port: { name: port, protocol: protocolOf(to, port) },
  };
  return policiesAdmit(policies, sender, receiver);
}

/** A pod that has no port of that name has none that a policy could admit. */
function protocolOf({ pod }: Workload, name: string): string {
  const port = pod.containers.flatMap(({ ports = [] }) => ports).find((each) => each.name === name);
  return port === undefined ? 'none' : (port.protocol ?? 'TCP');
}

/** The namespace of the policies. */
function here(objects: readonly KubernetesObject[]): string {
  return objects.find(({ kind }) => kind === 'NetworkPolicy')?.metadata.namespace ?? 'here';
}
