import type { KubernetesObject } from '../../../k8s/types.ts';
import { groupOf } from '../client/kinds.ts';
import { referenceOf } from '../client/objects.ts';
import type { ObjectReference } from '../client/types.ts';

/** `<namespace>_<name>_<group>_<kind>`, a colon of a name as `__`: the id of an object as cli-utils and Flux write it. */
export function objectId({ namespace = '', name, apiVersion, kind }: ObjectReference): string {
  return [namespace, name.replaceAll(':', '__'), groupOf(apiVersion), kind].join('_');
}

export function idOf(object: KubernetesObject): string {
  return objectId(referenceOf(object));
}

/** The object that an id and the version of its group name. Names hold no underscore but those that stand for a colon. */
export function parseId(id: string, version: string): ObjectReference {
  const [namespace = '', ...rest] = id.split('_');
  const [group = '', kind = ''] = rest.slice(-2);
  const name = rest.slice(0, -2).join('_').replaceAll('__', ':');
  const reference = { apiVersion: group === '' ? version : `${group}/${version}`, kind, name };
  return namespace === '' ? reference : { ...reference, namespace };
}
