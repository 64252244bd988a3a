import { podNameVariable, podsService, type Replicated } from '../stack/types.ts';
import type { BareObject } from './component.ts';
import type { Admission } from './network.ts';
import { portOf } from './pod.ts';

type Labels = Readonly<Record<string, string>>;

/** A port on which pods of a component talk to each other. */
export interface PeerPort {
  /** Of the container's port: at most 15 characters. */
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
}

/**
 * What stands beside the pods of a component when there are several: a Service that gives each a name, also while it is not
 * ready, because they look for each other on their start; and a budget, so that nodes are drained one pod after another. Of a
 * single pod a budget would only keep its node from being drained.
 */
export function beside(
  component: Replicated,
  name: string,
  selector: Labels,
  peers: readonly PeerPort[] = [],
): readonly BareObject[] {
  if (component.replicas === 1) return [];
  const http = { name: 'http', port: portOf(component.address), targetPort: 'http', appProtocol: 'http' };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: podsService(name) },
      spec: {
        clusterIP: 'None',
        publishNotReadyAddresses: true,
        selector,
        ports: [http, ...peers.map(({ name: port, ...more }) => ({ name: port, ...more, targetPort: port }))],
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name },
      spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
    },
  ];
}

/** Of several pods each is on a node of its own, as long as there are nodes enough: better two on one than one alone. */
export function spread({ replicas }: Replicated, selector: Labels): object {
  if (replicas === 1) return {};
  const constraint = {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: selector },
  };
  return { topologySpreadConstraints: [constraint] };
}

/** Nobody but the pods themselves: what they tell each other is closed by no password. */
export function admitPeers(selector: Labels, peers: readonly PeerPort[]): readonly Admission[] {
  return peers.map(({ name: port, protocol }) => ({ port, protocol, from: [selector] }));
}

/** The pod's own name for its containers. */
export const podName = {
  name: podNameVariable,
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } },
};
