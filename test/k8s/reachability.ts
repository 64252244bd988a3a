import type { KubernetesObject } from '../../k8s/types.ts';
import { type Labels, matches, type Workload } from './pods.ts';

interface Peer {
  readonly podSelector?: { readonly matchLabels?: Labels };
  readonly namespaceSelector?: { readonly matchLabels?: Labels };
}

interface PolicySpec {
  readonly podSelector: { readonly matchLabels?: Labels };
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly {
    readonly from?: readonly Peer[];
    readonly ports?: readonly { readonly port: string | number; readonly protocol?: string }[];
  }[];
}

/** A pod that sends: its namespace is that of the stack unless it says another. */
export interface Sender {
  readonly labels: Labels;
  readonly elsewhere?: boolean;
}

/**
 * Whether a pod may reach a named port of another by the policies of a stack. Source: Kubernetes documentation, "Network
 * Policies": a pod that no policy selects takes everything; the rules of all that select it add up; a rule without `from`
 * admits everyone and one without `ports` all ports; a pod selector without a namespace selector means the same namespace.
 */
export function admits(objects: readonly KubernetesObject[], from: Sender, to: Workload, port: string): boolean {
  const policies = objects
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map((object) => object['spec'] as PolicySpec)
    .filter(
      ({ podSelector, policyTypes }) => policyTypes.includes('Ingress') && selects(podSelector.matchLabels, to.labels),
    );
  if (policies.length === 0) return true;
  return policies.some(({ ingress = [] }) =>
    ingress.some(
      ({ from: peers, ports }) =>
        (ports === undefined || ports.some((each) => each.port === port && each.protocol === protocolOf(to, port))) &&
        (peers === undefined || peers.length === 0 || peers.some((peer) => admitsPeer(peer, from))),
    ),
  );
}

/** A pod that has no port of that name has none that a policy could admit. */
function protocolOf({ pod }: Workload, name: string): string | undefined {
  const port = pod.containers.flatMap(({ ports = [] }) => ports).find((each) => each.name === name);
  return port === undefined ? undefined : (port.protocol ?? 'TCP');
}

function admitsPeer({ podSelector, namespaceSelector }: Peer, { labels, elsewhere = false }: Sender): boolean {
  if (namespaceSelector !== undefined) throw new Error('the evaluator knows no namespace selectors yet');
  return !elsewhere && selects(podSelector?.matchLabels, labels);
}

function selects(selector: Labels = {}, labels: Labels): boolean {
  return matches(selector, labels);
}
