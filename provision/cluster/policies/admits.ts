import { type LabelSelector, type ObjectLabels, unmet } from '../operators/label-selector.ts';

/** The specification of a NetworkPolicy, as far as incoming traffic goes. Source: Kubernetes API reference, NetworkPolicySpec. */
export interface Policy {
  readonly podSelector?: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly IngressRule[];
}

interface IngressRule {
  readonly from?: readonly Peer[];
  readonly ports?: readonly {
    readonly protocol?: string;
    readonly port?: string | number;
    readonly endPort?: number;
  }[];
}

interface Peer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: object;
}

/** A pod that sends. */
export interface Sender {
  readonly labels: ObjectLabels;
  readonly namespace: { readonly name: string; readonly labels: ObjectLabels };
}

/** A pod and one of its ports. */
export interface Receiver {
  readonly labels: ObjectLabels;
  readonly namespace: string;
  /** `protocol`: TCP unless it says another. */
  readonly port: {
    readonly number?: number | undefined;
    readonly name?: string | undefined;
    readonly protocol?: string;
  };
}

/**
 * The policies of the receiver's namespace that select it and so let in only what a rule of one of them names. Source: Kubernetes
 * documentation, "Network Policies": a pod that none selects takes everything.
 */
export function isolating<P extends Policy>(policies: readonly P[], to: Receiver): readonly P[] {
  return policies.filter(
    ({ podSelector = {}, policyTypes = ['Ingress'] }) =>
      policyTypes.includes('Ingress') && selects(podSelector, to.labels),
  );
}

/**
 * Whether these policies of the receiver's namespace let a pod in. The rules of all that select it add up; a rule without `from`
 * admits everyone and one without `ports` all ports; a pod selector without a namespace selector means the same namespace. An
 * address block admits: which address a pod gets is not known here.
 */
export function admits(policies: readonly Policy[], from: Sender, to: Receiver): boolean {
  const found = isolating(policies, to);
  return (
    found.length === 0 ||
    found.some(({ ingress = [] }) =>
      ingress.some(({ from: peers = [], ports = [] }) => {
        const toPort = ports.length === 0 || ports.some((each) => isPort(each, to));
        return toPort && (peers.length === 0 || peers.some((peer) => isPeer(peer, from, to)));
      }),
    )
  );
}

type Port = NonNullable<IngressRule['ports']>[number];

function isPort({ protocol = 'TCP', port, endPort }: Port, { port: to }: Receiver): boolean {
  const { number, name } = to;
  if (protocol !== (to.protocol ?? 'TCP')) return false;
  if (port === undefined) return true;
  if (typeof port === 'string') return port === name;
  return number !== undefined && number >= port && number <= (endPort ?? port);
}

function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, from: Sender, to: Receiver): boolean {
  if (ipBlock !== undefined) return true;
  const place =
    namespaceSelector === undefined
      ? from.namespace.name === to.namespace
      : selects(namespaceSelector, from.namespace.labels);
  return place && selects(podSelector ?? {}, from.labels);
}

function selects(selector: LabelSelector, labels: ObjectLabels): boolean {
  return unmet(selector, labels).length === 0;
}
