import type { ClusterSettings, Stack } from '../stack/types.ts';

/** What all pods have in common is said here; a component says the rest. */
export interface PodWish {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly security: object;
  /** Absent: no token is mounted, and the namespace's default account gives no rights. */
  readonly serviceAccount?: string;
  readonly containers: readonly object[];
  readonly volumes: readonly object[];
  /** Further fields of the pod. */
  readonly more?: object;
}

export function podTemplate(wish: PodWish, { images }: ClusterSettings): object {
  const account =
    wish.serviceAccount === undefined
      ? { automountServiceAccountToken: false }
      : { serviceAccountName: wish.serviceAccount };
  return {
    metadata: { ...(wish.annotations === undefined ? {} : { annotations: wish.annotations }), labels: wish.labels },
    spec: {
      ...account,
      enableServiceLinks: false,
      ...(images.pullSecrets.length === 0 ? {} : { imagePullSecrets: images.pullSecrets.map((name) => ({ name })) }),
      securityContext: wish.security,
      containers: wish.containers,
      ...(wish.volumes.length === 0 ? {} : { volumes: wish.volumes }),
      ...wish.more,
    },
  };
}

/** Restricted Pod Security. OpenShift chooses the user of a pod itself and refuses one that is stated. */
export function restrictedPod({ distribution }: ClusterSettings, user: number): object {
  const identity =
    distribution === 'openshift'
      ? {}
      : { runAsUser: user, runAsGroup: user, fsGroup: user, fsGroupChangePolicy: 'OnRootMismatch' };
  return { runAsNonRoot: true, ...identity, seccompProfile: { type: 'RuntimeDefault' } };
}

export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
} as const;

/** Nobody: the user of the images of the Prometheus project. */
export const nobody = 65534;

/** The label by which the pods of one workload are told from those of others. */
export const nameLabel = 'app.kubernetes.io/name';

/** By which a Service and a workload find the pods of a component, and which never change. */
export function selector(stack: Stack, name: string): Readonly<Record<string, string>> {
  return { [nameLabel]: name, 'app.kubernetes.io/instance': stack.name };
}

/** Number of the port in `host:port`. */
export function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}
