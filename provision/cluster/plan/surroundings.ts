import type { KubernetesObject } from '../../../k8s/types.ts';
import { isApiError } from '../client/errors.ts';
import { groupOf } from '../client/kinds.ts';
import { read, referenceOf } from '../client/objects.ts';
import type { Cluster } from '../client/types.ts';
import { groupKind } from '../kinds.ts';
import { inParallel, requestsAtOnce } from '../parallel.ts';
import { problem } from './change.ts';
import type { Problem } from './types.ts';

/** Whether objects have a place to go: the kinds and namespaces that they need. */
export interface Surroundings {
  /** Its namespace or its kind comes with the same apply. */
  readonly isDeferred: (object: KubernetesObject) => boolean;
  /** The Pod Security level that the object's namespace enforces. */
  readonly podSecurity: (object: KubernetesObject) => string | undefined;
  /** Objects that have no place, each with the reason. */
  readonly homeless: ReadonlyMap<KubernetesObject, Problem>;
}

export async function readSurroundings(cluster: Cluster, objects: readonly KubernetesObject[]): Promise<Surroundings> {
  const kinds = new Set(await missingKinds(cluster, objects));
  const namespaces = await readNamespaces(cluster, objects);
  const comingKinds = new Set(objects.flatMap(definedKind));
  const comingNamespaces = new Set(objects.filter(isNamespace).map(({ metadata }) => metadata.name));
  const lacks = (object: KubernetesObject) => ({
    kind: kinds.has(groupKind(object)) ? groupKind(object) : undefined,
    namespace: namespaces.get(object.metadata.namespace ?? '') === null ? object.metadata.namespace : undefined,
  });
  const homeless = objects.flatMap((object) => {
    const { kind, namespace } = lacks(object);
    if (kind !== undefined && !comingKinds.has(kind)) return [[object, problem(object, notServed(object))] as const];
    if (namespace !== undefined && !comingNamespaces.has(namespace))
      return [
        [object, problem(object, `there is no namespace ${namespace}: kubectl create namespace ${namespace}`)] as const,
      ];
    return [];
  });
  return {
    isDeferred: (object) => Object.values(lacks(object)).some((lack) => lack !== undefined),
    podSecurity: ({ metadata }) => namespaces.get(metadata.namespace ?? '') ?? undefined,
    homeless: new Map(homeless),
  };
}

function notServed({ apiVersion, kind }: KubernetesObject): string {
  return `the cluster does not know ${kind} of ${apiVersion}: install the operator or the definitions that it belongs to`;
}

async function missingKinds(cluster: Cluster, objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const kinds = [...new Map(objects.map((object) => [groupKind(object), object])).values()];
  const found = await inParallel(kinds, requestsAtOnce, async (kind) =>
    (await cluster.resource(kind)) === undefined ? [groupKind(kind)] : [],
  );
  return found.flat();
}

/** By name: the Pod Security level that is enforced, undefined when none is, null when there is no such namespace. */
async function readNamespaces(cluster: Cluster, objects: readonly KubernetesObject[]) {
  const names = [
    ...new Set(objects.flatMap(({ metadata: { namespace } }) => (namespace === undefined ? [] : [namespace]))),
  ];
  const levels = await inParallel(
    names,
    requestsAtOnce,
    async (name) => [name, await podSecurityOf(cluster, name)] as const,
  );
  return new Map(levels);
}

/** Who may not read namespaces learns of a missing one from the objects in it. */
async function podSecurityOf(cluster: Cluster, name: string): Promise<string | undefined | null> {
  try {
    const namespace = await read(cluster, { apiVersion: 'v1', kind: 'Namespace', name });
    return namespace === undefined ? null : namespace.metadata.labels?.['pod-security.kubernetes.io/enforce'];
  } catch (error) {
    if (isApiError(error, 403)) return undefined;
    throw error;
  }
}

function isNamespace(object: KubernetesObject): boolean {
  return groupKind(referenceOf(object)) === 'Namespace';
}

/** The kind that a definition adds. */
function definedKind(object: KubernetesObject): readonly string[] {
  if (object.kind !== 'CustomResourceDefinition' || groupOf(object.apiVersion) !== 'apiextensions.k8s.io') return [];
  const { group, names } = object['spec'] as { readonly group: string; readonly names: { readonly kind: string } };
  return [`${names.kind}.${group}`];
}
