import type { KubernetesObject } from '../../../k8s/types.ts';
import { ApiError } from '../client/errors.ts';
import { referenceOf } from '../client/objects.ts';
import type { Cluster, ObjectReference } from '../client/types.ts';
import { asMember } from '../inventory/applyset.ts';
import { idOf, parseId } from '../inventory/id.ts';
import { planPrunes } from '../inventory/prune.ts';
import type { Entry, Inventory } from '../inventory/types.ts';
import { stageOf } from '../kinds.ts';
import { inParallel, requestsAtOnce } from '../parallel.ts';
import { formerOwners, isOfStack } from './adoption.ts';
import { deferredChange, type Outcome, planChange, problem, untried } from './change.ts';
import { isMadeFrom, planGrowth, templatesOf } from './growth.ts';
import { type Live, readLive } from './live.ts';
import { readSurroundings, type Surroundings } from './surroundings.ts';
import type { Change, Plan } from './types.ts';

export interface PlanOptions {
  /** Everything that the cluster is to have of this stack, each object once. */
  readonly objects: readonly KubernetesObject[];
  readonly inventory: Inventory;
  /** Whether conflicts about an object are decided in our favour. */
  readonly take: (reference: ObjectReference) => boolean;
  /** What kubectl wrote of this stack's objects becomes Lookout's. */
  readonly adopt: boolean;
}

/** What an apply would do now: nothing is stored. */
export async function makePlan(cluster: Cluster, options: PlanOptions): Promise<Plan> {
  const { objects, inventory } = options;
  const members = inOrder(objects.map((object) => asMember(object, inventory.id)));
  requireUnique(members);
  const around = await readSurroundings(cluster, members);
  const live = await readLive(cluster, members.filter((object) => isTriable(object, around)).map(referenceOf));
  const outcomes = await inParallel(members, requestsAtOnce, (object) =>
    planOne(cluster, object, around, live, options),
  );
  const growths = await inParallel(
    members.filter((object) => isTriable(object, around)),
    requestsAtOnce,
    (object) => planGrowth(cluster, object),
  );
  const all = [...outcomes, ...growths.flat()];
  return {
    changes: byStage(all.map(({ change }) => change)),
    prunes: await planPrunes(cluster, withoutClaimsOf(members, inventory), new Set(members.map(idOf))),
    problems: all.flatMap(({ problems }) => problems),
  };
}

/** A destroy lists the claims that StatefulSets made: with their set back they are in use again. */
function withoutClaimsOf(members: readonly KubernetesObject[], inventory: Inventory): Inventory {
  const isInUse = ({ id, version }: Entry) => {
    const { kind, namespace, name } = parseId(id, version);
    return (
      kind === 'PersistentVolumeClaim' &&
      members.some(
        (set) =>
          set.metadata.namespace === namespace && templatesOf(set).some((template) => isMadeFrom(name, template, set)),
      )
    );
  };
  return { ...inventory, entries: inventory.entries.filter((entry) => !isInUse(entry)) };
}

async function planOne(
  cluster: Cluster,
  object: KubernetesObject,
  around: Surroundings,
  live: Live,
  { take, adopt, inventory }: PlanOptions,
): Promise<Outcome> {
  const homeless = around.homeless.get(object);
  if (homeless !== undefined) return { change: untried(object, undefined), problems: [homeless] };
  if (around.isDeferred(object)) return { change: deferredChange(object), problems: [] };
  const now = live.get(idOf(object));
  if (now instanceof ApiError) return { change: untried(object, undefined), problems: [problem(object, now.message)] };
  const podSecurity = around.podSecurity(object);
  const adoptable = now !== undefined && formerOwners(now, object).length > 0 && isOfStack(now, object, inventory);
  return planChange(cluster, object, { live: now, take: take(referenceOf(object)), adoptable, adopt, podSecurity });
}

function isTriable(object: KubernetesObject, around: Surroundings): boolean {
  return !around.homeless.has(object) && !around.isDeferred(object);
}

function inOrder(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.toSorted((one, other) => stageOf(one) - stageOf(other));
}

/** Stable: claims that grow come with their stage, before the set that wants them larger. */
function byStage(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted((one, other) => stageOf(one.reference) - stageOf(other.reference));
}

function requireUnique(objects: readonly KubernetesObject[]): void {
  const twice = objects.map(idOf).find((id, index, ids) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`the stack has the object ${twice} twice`);
}

/** Whether an apply would write anything. */
export function hasChanges({ changes, prunes }: Plan): boolean {
  return changes.some(({ action }) => action !== 'none') || prunes.some(({ action }) => action === 'delete');
}
