import type { BareObject } from './component.ts';

/** Who may reach a port of a component's pods. */
export interface Admission {
  /** Name of a container's port. */
  readonly port: string;
  /** Absent: TCP. */
  readonly protocol?: 'TCP' | 'UDP';
  /** Labels of pods of the same namespace; `anyone`: from wherever. */
  readonly from: readonly Readonly<Record<string, string>>[] | 'anyone';
  /** Namespaces of which every pod may. */
  readonly namespaces?: readonly string[];
}

/**
 * Closes a component's pods to all but the flows that are declared. It selects our own pods only: the first policy on somebody
 * else's would cut all their other traffic. The node itself always gets through, so probes and port-forwards work.
 */
export function networkPolicy(
  name: string,
  selector: Readonly<Record<string, string>>,
  admissions: readonly Admission[],
): BareObject {
  const ingress = admissions
    .filter(({ from, namespaces = [] }) => from.length + namespaces.length > 0)
    .map(({ port, protocol = 'TCP', from, namespaces = [] }) => ({
      ports: [{ port, protocol }],
      ...(from === 'anyone' ? {} : { from: [...from.map(podsWith), ...namespaces.map(podsIn)] }),
    }));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec: {
      podSelector: { matchLabels: selector },
      policyTypes: ['Ingress'],
      ...(ingress.length === 0 ? {} : { ingress }),
    },
  };
}

function podsWith(matchLabels: Readonly<Record<string, string>>): object {
  return { podSelector: { matchLabels } };
}

/** The API server gives every namespace this label. */
function podsIn(namespace: string): object {
  return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } };
}
