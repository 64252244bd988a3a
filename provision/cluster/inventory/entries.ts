import type { KubernetesObject } from '../../../k8s/types.ts';
import type { LiveObject } from '../client/types.ts';
import { idOf } from './id.ts';
import type { Entry } from './types.ts';

/** What is listed before the first write: all that was there and all that will be, so that a kill at any point loses none. */
export function beforeApply(present: readonly Entry[], wanted: readonly KubernetesObject[]): readonly Entry[] {
  const known = new Set(present.map(({ id }) => id));
  const added = wanted.filter((object) => !known.has(idOf(object))).map((object) => entryOf(object, '', 'pending'));
  return sorted([...present, ...added]);
}

/** What is listed when all is done: what was applied, and what could not be or must not be deleted. */
export function afterApply(applied: readonly LiveObject[], left: readonly Entry[]): readonly Entry[] {
  return sorted([...applied.map((object) => entryOf(object, object.metadata.uid, 'applied')), ...left]);
}

function entryOf(object: KubernetesObject, uid: string, state: Entry['state']): Entry {
  return { id: idOf(object), version: object.apiVersion.split('/').at(-1) ?? '', uid, state };
}

function sorted(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
