import { describeObject, read, referenceOf, remove } from '../client/objects.ts';
import type { Cluster, LiveObject, ObjectReference } from '../client/types.ts';
import { objectId, parseId } from '../inventory/id.ts';
import { removal, whyKept } from '../inventory/prune.ts';
import { parent, readInventory, writeInventory } from '../inventory/store.ts';
import type { Entry, Inventory, InventoryPlace } from '../inventory/types.ts';
import { groupKind, isKept, stageCount, stageOf } from '../kinds.ts';
import { acquireLease } from '../lease/acquire.ts';
import { leaseReference } from '../lease/object.ts';
import type { HeldLease, Holder } from '../lease/types.ts';
import { inParallel, requestsAtOnce } from '../parallel.ts';
import { claimsIn, isMadeFrom, templatesOf } from '../plan/growth.ts';
import { untilGone } from './gone.ts';

export interface DestroyOptions {
  readonly place: InventoryPlace;
  /** Claims and Secrets go too. */
  readonly deleteData: boolean;
  readonly holder: Holder;
  /** Milliseconds that an object may take to be gone. */
  readonly patience: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly report: (line: string) => void;
}

/** What becomes of one object that an inventory lists. */
export interface Fate {
  readonly reference: ObjectReference;
  readonly entry: Entry;
  readonly live: LiveObject;
  /** Why it stays; empty when it goes. */
  readonly reason: string;
}

/** What a destroy would delete, in its order, and what it would leave with the reason: nothing is changed. */
export async function planDestroy(
  cluster: Cluster,
  inventory: Inventory,
  deleteData: boolean,
): Promise<readonly Fate[]> {
  const entries = [...inventory.entries, ...(await claimsOfSets(cluster, inventory))];
  const fates = await inParallel(entries, requestsAtOnce, async (entry) => {
    const reference = parseId(entry.id, entry.version);
    const live = await read(cluster, reference);
    return live === undefined
      ? []
      : [{ reference, entry, live, reason: whyStays(reference, live, entry, inventory.id, deleteData) }];
  });
  return fates.flat().toSorted((one, other) => stageOf(other.reference) - stageOf(one.reference));
}

/** Deletes what is ours in the reverse order of its making; gives what stays. */
export async function destroyStack(cluster: Cluster, options: DestroyOptions): Promise<readonly Fate[]> {
  const { namespace, name } = options.place;
  const lease = await acquireLease(cluster, { namespace, name, ...options });
  let over = false;
  try {
    const inventory = await readInventory(cluster, options.place);
    const fates = await planDestroy(cluster, inventory, options.deleteData);
    // Killed from here on, the claims are still known when their sets are gone.
    const listed = await listing(cluster, inventory, fates, options.place);
    for (let stage = stageCount - 1; stage >= 0; stage--) await deleteStage(cluster, fates, stage, options, lease);
    const staying = fates.filter(({ reason }) => reason !== '');
    over = await settle(cluster, listed, staying, options.place);
    return staying;
  } finally {
    await lease.release();
    if (over) await remove(cluster, leaseReference({ namespace, name }));
  }
}

/** The inventory goes with the last object; else it lists what stays, so that a later destroy or apply knows it. */
async function settle(
  cluster: Cluster,
  inventory: Inventory,
  staying: readonly Fate[],
  place: InventoryPlace,
): Promise<boolean> {
  const { resourceVersion } = inventory;
  if (staying.length > 0 && resourceVersion !== undefined) await listing(cluster, inventory, staying, place);
  else if (resourceVersion !== undefined) await remove(cluster, parent(place), { resourceVersion });
  return staying.length === 0;
}

function listing(
  cluster: Cluster,
  inventory: Inventory,
  fates: readonly Fate[],
  place: InventoryPlace,
): Promise<Inventory> {
  const entries = fates.map(({ entry, live }): Entry => ({ ...entry, uid: live.metadata.uid }));
  return writeInventory(
    cluster,
    place,
    inventory,
    entries,
    fates.map(({ live }) => live),
  );
}

async function deleteStage(
  cluster: Cluster,
  fates: readonly Fate[],
  stage: number,
  { patience, now, signal, report }: DestroyOptions,
  lease: HeldLease,
): Promise<void> {
  const due = fates.filter(({ reference, reason }) => reason === '' && stageOf(reference) === stage);
  await inParallel(due, requestsAtOnce, async ({ reference, live: { metadata } }) => {
    signal.throwIfAborted();
    await lease.require();
    await remove(cluster, reference, { uid: metadata.uid, propagation: 'Foreground' });
    await untilGone(cluster, reference, metadata.uid, { patience, now, signal });
    report(`deleted ${describeObject(reference)}`);
  });
}

/** Data goes only when that was asked for; namespaces and definitions may hold other people's objects and always stay. */
function whyStays(
  reference: ObjectReference,
  live: LiveObject,
  entry: Entry,
  set: string,
  deleteData: boolean,
): string {
  const isData = ['PersistentVolumeClaim', 'Secret'].includes(groupKind(reference));
  if (deleteData && isData)
    return entry.uid === '' || entry.uid === live.metadata.uid ? '' : 'it is another object of the same name';
  if (isKept(reference)) return `${removal(reference)} removes it`;
  return whyKept(reference, live, entry, set);
}

/** The claims that listed StatefulSets made from their templates. */
export async function claimsOfSets(cluster: Cluster, { entries }: Inventory): Promise<readonly Entry[]> {
  const known = new Set(entries.map(({ id }) => id));
  const references = entries.map(({ id, version }) => parseId(id, version));
  const sets = references.filter((reference) => groupKind(reference) === 'StatefulSet.apps');
  const found = await inParallel(sets, requestsAtOnce, async (reference) => {
    const set = await read(cluster, reference);
    if (set === undefined || templatesOf(set).length === 0) return [];
    const claims = await claimsIn(cluster, reference.namespace);
    return claims.filter(({ metadata }) =>
      templatesOf(set).some((template) => isMadeFrom(metadata.name, template, set)),
    );
  });
  const claims = found.flat().map((claim) => ({ id: objectId(referenceOf(claim)), uid: claim.metadata.uid }));
  return claims.filter(({ id }) => !known.has(id)).map(({ id, uid }) => ({ id, uid, version: 'v1', state: 'applied' }));
}
