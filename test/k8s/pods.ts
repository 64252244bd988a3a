import type { KubernetesObject } from '../../k8s/types.ts';

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number; readonly protocol?: string }[];
  readonly readinessProbe?: object;
  readonly resources: { readonly requests: Labels; readonly limits: Labels };
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
}

export interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly serviceAccountName?: string;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly volumes?: readonly { readonly name: string; readonly hostPath?: object }[];
  readonly hostNetwork?: boolean;
}

export type Labels = Readonly<Record<string, string>>;

export interface Workload {
  readonly name: string;
  readonly kind: string;
  readonly labels: Labels;
  readonly selector: Labels;
  readonly claims: readonly string[];
  readonly pod: PodSpec;
}

interface WorkloadSpec {
  readonly selector: { readonly matchLabels: Labels };
  readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
}

/** Everything that starts pods. */
export function workloads(objects: readonly KubernetesObject[]): readonly Workload[] {
  return objects
    .filter(({ kind }) => ['StatefulSet', 'Deployment', 'DaemonSet'].includes(kind))
    .map(({ kind, metadata, ...rest }) => {
      const { selector, template, volumeClaimTemplates = [] } = rest['spec'] as WorkloadSpec;
      return {
        name: metadata.name,
        kind,
        labels: template.metadata.labels,
        selector: selector.matchLabels,
        claims: volumeClaimTemplates.map((claim) => claim.metadata.name),
        pod: template.spec,
      };
    });
}

export function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
