import { parseBytes } from '../../../common/quantities.ts';
import type { KubernetesObject, Manifests } from '../../../k8s/types.ts';
import type { ClaimView } from '../../checks/claims.ts';
import { list } from '../client/objects.ts';
import type { Cluster, LiveObject } from '../client/types.ts';

/** The claims that the workloads of a stack keep their data in, as they are now. */
export async function claimsOf(cluster: Cluster, { objects }: Manifests): Promise<readonly ClaimView[]> {
  const wanted = objects.flatMap(claimNames);
  const namespaces = [...new Set(wanted.map(({ namespace }) => namespace))];
  const views = namespaces.map(async (namespace) => {
    const [claims, pods] = await Promise.all([
      list(cluster, { apiVersion: 'v1', kind: 'PersistentVolumeClaim' }, { namespace }),
      list(cluster, { apiVersion: 'v1', kind: 'Pod' }, { namespace }),
    ]);
    const names = wanted.filter((each) => each.namespace === namespace).map(({ name }) => name);
    return [...new Set(names)].map((name) => viewOf(name, claims, pods));
  });
  return (await Promise.all(views)).flat();
}

function viewOf(name: string, claims: readonly LiveObject[], pods: readonly LiveObject[]): ClaimView {
  const claim = claims.find(({ metadata }) => metadata.name === name);
  const { phase = null, capacity = {} } = (claim?.['status'] ?? {}) as ClaimStatus;
  const mounting = pods.filter((pod) => isRunning(pod) && claimsIn(pod['spec'] as PodSpec).includes(name));
  return {
    name,
    phase: claim === undefined ? null : phase,
    capacity: parseBytes(capacity['storage'] ?? '') ?? null,
    pods: mounting.map(({ metadata }) => metadata.name),
  };
}

interface ClaimStatus {
  readonly phase?: string;
  readonly capacity?: Readonly<Record<string, string>>;
}

interface PodSpec {
  readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
}

/** A StatefulSet's claim is named after its template, itself and the number of the pod. */
function claimNames(object: KubernetesObject): readonly { readonly name: string; readonly namespace: string }[] {
  const namespace = object.metadata.namespace ?? '';
  const spec = (object['spec'] ?? {}) as WorkloadSpec;
  const made = (spec.volumeClaimTemplates ?? []).flatMap(({ metadata }) =>
    Array.from({ length: spec.replicas ?? 1 }, (_, index) => `${metadata.name}-${object.metadata.name}-${index}`),
  );
  const used = spec.template === undefined ? [] : claimsIn(spec.template.spec);
  return [...made, ...used].map((name) => ({ name, namespace }));
}

interface WorkloadSpec {
  readonly replicas?: number;
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  readonly template?: { readonly spec: PodSpec };
}

function claimsIn({ volumes = [] }: PodSpec): readonly string[] {
  return volumes.flatMap(({ persistentVolumeClaim: claim }) => (claim === undefined ? [] : [claim.claimName]));
}

function isRunning({ metadata, ...pod }: LiveObject): boolean {
  const { phase } = (pod['status'] ?? {}) as { phase?: string };
  return phase === 'Running' && metadata.deletionTimestamp === undefined;
}
