import type { KubernetesObject } from '../../../k8s/types.ts';

export interface PodSpec {
  readonly volumes?: readonly {
    readonly hostPath?: object;
    readonly persistentVolumeClaim?: { readonly claimName: string };
  }[];
  readonly serviceAccountName?: string;
  readonly containers?: readonly { readonly image: string }[];
  readonly imagePullSecrets?: readonly { readonly name: string }[];
}

/** The pods of a Deployment, StatefulSet or DaemonSet. */
export function podSpec(object: KubernetesObject): PodSpec | undefined {
  const { template } = (object['spec'] ?? {}) as { readonly template?: { readonly spec?: PodSpec } };
  return template?.spec;
}

export interface ClaimTemplate {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly storageClassName?: string; readonly resources?: object };
}

/** The claims that a StatefulSet makes, and a claim itself. */
export function claimTemplates(object: KubernetesObject): readonly ClaimTemplate[] {
  if (object.kind === 'PersistentVolumeClaim') return [object as KubernetesObject & ClaimTemplate];
  const { volumeClaimTemplates = [] } = (object['spec'] ?? {}) as {
    readonly volumeClaimTemplates?: readonly ClaimTemplate[];
  };
  return volumeClaimTemplates;
}
