import type { KubernetesObject } from '../../../k8s/types.ts';
import { isApiError } from '../client/errors.ts';
import { describeObject, read, referenceOf } from '../client/objects.ts';
import type { Cluster, LiveObject, ObjectReference } from '../client/types.ts';
import { asMember } from '../inventory/applyset.ts';
import { afterApply, beforeApply } from '../inventory/entries.ts';
import { readInventory, writeInventory } from '../inventory/store.ts';
import type { Inventory } from '../inventory/types.ts';
import { stageCount, stageOf } from '../kinds.ts';
import { acquireLease } from '../lease/acquire.ts';
import type { HeldLease } from '../lease/types.ts';
import { inParallel, requestsAtOnce } from '../parallel.ts';
import { makePlan } from '../plan/plan.ts';
import type { Change, Plan } from '../plan/types.ts';
import { redactor } from '../wait/redact.ts';
import { type Unready, waitReady } from '../wait/wait.ts';
import { prune } from './prune.ts';
import { refusal } from './refuse.ts';
import type { ApplyOptions, ApplyResult } from './types.ts';
import { writeChange } from './write.ts';

/**
 * Brings a cluster to what a stack wants of it. Killed at any point and run again it ends in the same state: everything that may
 * exist is listed before it is made, and every step finds what the last one left.
 * @throws ApiError, UserError when a step fails, another apply runs, or the API server is out of reach.
 */
export async function applyStack(cluster: Cluster, options: ApplyOptions): Promise<ApplyResult> {
  const early = await layFoundations(cluster, options);
  if (early !== undefined) return early;
  const { namespace, name } = options.place;
  const { holder, now, signal, report } = options;
  const lease = await acquireLease(cluster, { namespace, name, holder, now, signal, report });
  try {
    return await applyHeld(cluster, options, lease);
  } finally {
    await lease.release();
  }
}

/**
 * Makes namespaces and definitions that are missing: all else can be tried only with them. Gives nothing when all are there, so
 * that the rest can follow.
 */
async function layFoundations(cluster: Cluster, options: ApplyOptions): Promise<ApplyResult | undefined> {
  const home = { apiVersion: 'v1', kind: 'Namespace', name: options.place.namespace };
  const objects = await options.objects();
  const foundations = objects.filter((object) => stageOf(object) === 0).map(referenceOf);
  const present = await inParallel([home, ...foundations], requestsAtOnce, (one) => isThere(cluster, one));
  if (!present.includes(false)) return undefined;
  const inventory: Inventory = { id: '', entries: [], resourceVersion: undefined };
  const plan = await makePlan(cluster, { objects, inventory, take: options.take, adopt: options.adopt });
  options.showPlan(plan);
  const reason = refusal(plan, inventory, options.agreed);
  if (reason !== undefined) return { kind: 'refused', plan, reason };
  await writeStage(cluster, plan, 0, options, async () => options.signal.throwIfAborted());
  const made = plan.changes.filter(({ reference }) => stageOf(reference) === 0);
  const unready = await waitFor(cluster, made, objects, options);
  cluster.forgetKinds();
  return unready.length === 0 ? undefined : { kind: 'unready', plan, unready };
}

/** Who may not look is taken to know that it is there. */
async function isThere(cluster: Cluster, reference: ObjectReference): Promise<boolean> {
  try {
    return (await read(cluster, reference)) !== undefined;
  } catch (error) {
    if (isApiError(error, 403)) return true;
    throw error;
  }
}

async function applyHeld(cluster: Cluster, options: ApplyOptions, lease: HeldLease): Promise<ApplyResult> {
  const { place, take, adopt, agreed } = options;
  const objects = await options.objects();
  const inventory = await readInventory(cluster, place);
  const plan = await makePlan(cluster, { objects, inventory, take, adopt });
  options.showPlan(plan);
  const reason = refusal(plan, inventory, agreed);
  if (reason !== undefined) return { kind: 'refused', plan, reason };
  const members = objects.map((object) => asMember(object, inventory.id));
  const require = () => mayWrite(options, lease);
  await require();
  const listed = await writeInventory(cluster, place, inventory, beforeApply(inventory.entries, members), members);
  const applied: LiveObject[] = [];
  for (let stage = 0; stage < stageCount; stage++)
    applied.push(...(await writeStage(cluster, plan, stage, options, require)));
  const unready = await waitFor(cluster, plan.changes, objects, options);
  if (unready.length > 0) return { kind: 'unready', plan, unready };
  const left = await prune(cluster, plan.prunes, inventory, { require, report: options.report });
  await require();
  await writeInventory(cluster, place, listed, afterApply(applied, left), members);
  return { kind: 'done', plan };
}

/** Objects of one stage do not need each other. */
async function writeStage(
  cluster: Cluster,
  { changes }: Plan,
  stage: number,
  options: ApplyOptions,
  require: () => Promise<void>,
): Promise<readonly LiveObject[]> {
  const due = changes.filter(({ reference }) => stageOf(reference) === stage);
  // Claims that a StatefulSet made from its templates are in no inventory, and grow before it.
  for (const change of due.filter(({ action }) => action === 'grow')) await write(cluster, change, options, require);
  const ours = due.filter(({ action }) => action !== 'grow');
  const written = await inParallel(ours, requestsAtOnce, (change) => write(cluster, change, options, require));
  return written.filter((object) => object !== undefined);
}

async function write(cluster: Cluster, change: Change, options: ApplyOptions, require: () => Promise<void>) {
  const { patience, now, signal, take, report } = options;
  const stored = await writeChange(cluster, change, { patience, now, signal, take: take(change.reference), require });
  if (change.action !== 'none') report(`${done[change.action]} ${describeObject(change.reference)}`);
  return stored;
}

const done = { create: 'created', update: 'updated', replace: 'replaced', orphan: 'replaced', grow: 'grew' } as const;

async function mayWrite({ signal }: ApplyOptions, lease: HeldLease): Promise<void> {
  signal.throwIfAborted();
  await lease.require();
}

function waitFor(
  cluster: Cluster,
  changes: readonly Change[],
  objects: readonly KubernetesObject[],
  { patience, now, signal, report, show }: ApplyOptions,
): Promise<readonly Unready[]> {
  const references = changes.map(({ reference }) => reference).filter((reference) => becomesReady(reference));
  const shown = show === undefined ? {} : { show };
  return waitReady(cluster, references, { patience, now, signal, report, ...shown, redact: redactor(objects) });
}

/** What is only stored (roles, settings, Services, claims) is ready with that. */
function becomesReady(reference: ObjectReference): boolean {
  return stageOf(reference) === 0 || stageOf(reference) > stageOf({ apiVersion: 'v1', kind: 'ConfigMap' });
}
