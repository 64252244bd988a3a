import { createHash } from 'node:crypto';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { referenceOf } from '../client/objects.ts';
import { groupKind, isKept } from '../kinds.ts';
import type { InventoryPlace } from './types.ts';

/**
 * The inventory as kubectl writes and reads it, so that its tools see which objects belong together. Source: KEP-3659 and
 * kubectl's `pkg/cmd/apply/applyset.go`, which differs from the text in the id.
 */
export const partOf = 'applyset.kubernetes.io/part-of';

/** Id of the set whose parent is a ConfigMap. */
export function applySetId({ namespace, name }: Pick<InventoryPlace, 'namespace' | 'name'>): string {
  const hash = createHash('sha256').update(`${name}.${namespace}.ConfigMap.`).digest('base64url');
  return `applyset-${hash}-v1`;
}

/** The object as a member of the set. What holds data of people is none, so that no tool can prune it. */
export function asMember(object: KubernetesObject, id: string): KubernetesObject {
  if (isKept(object)) return object;
  const { labels, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, labels: { ...labels, [partOf]: id } } };
}

export function parentLabels(id: string): Readonly<Record<string, string>> {
  return { 'applyset.kubernetes.io/id': id };
}

export function parentAnnotations({ namespace, version }: InventoryPlace, members: readonly KubernetesObject[]) {
  const references = members.filter((object) => !isKept(object)).map(referenceOf);
  const kinds = [...new Set(references.map(groupKind))].toSorted();
  const others = references.flatMap((one) => (one.namespace === undefined ? [] : [one.namespace]));
  const namespaces = [...new Set(others)].filter((one) => one !== namespace).toSorted();
  return {
    'applyset.kubernetes.io/tooling': `lookout/v${version}`,
    'applyset.kubernetes.io/contains-group-kinds': kinds.join(','),
    ...(namespaces.length === 0 ? {} : { 'applyset.kubernetes.io/additional-namespaces': namespaces.join(',') }),
  };
}
