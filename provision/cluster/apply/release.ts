import { fieldManager, locate, read, remove } from '../client/objects.ts';
import type { Cluster, LiveObject } from '../client/types.ts';
import { partOf } from '../inventory/applyset.ts';
import { parseId } from '../inventory/id.ts';
import { parent, readInventory } from '../inventory/store.ts';
import type { Entry, Inventory } from '../inventory/types.ts';
import { isKept, stageOf } from '../kinds.ts';
import { acquireLease } from '../lease/acquire.ts';
import { leaseReference } from '../lease/object.ts';
import { inParallel, requestsAtOnce } from '../parallel.ts';
import { nobody } from '../plan/adoption.ts';
import { claimsOfSets, type DestroyOptions, type Fate } from './destroy.ts';

export type ReleaseOptions = Omit<DestroyOptions, 'deleteData' | 'patience' | 'report'>;

/** What is let go of, in the order of its making, and what is left alone with the reason: nothing is changed. */
export async function planRelease(cluster: Cluster, inventory: Inventory): Promise<readonly Fate[]> {
  const entries = [...inventory.entries, ...(await claimsOfSets(cluster, inventory))];
  const fates = await inParallel(entries, requestsAtOnce, async (entry) => {
    const reference = parseId(entry.id, entry.version);
    const live = await read(cluster, reference);
    return live === undefined ? [] : [{ reference, entry, live, reason: whyForeign(live, entry, inventory.id) }];
  });
  return fates.flat().toSorted((one, other) => stageOf(one.reference) - stageOf(other.reference));
}

/**
 * Lets go of everything that was applied: each object stays and goes on as it is, only Lookout's marks on it go, then the
 * inventory and the lease. Killed at any point, the next run goes on: the inventory goes last.
 */
export async function releaseStack(cluster: Cluster, options: ReleaseOptions): Promise<readonly Fate[]> {
  const { place, signal } = options;
  const { namespace, name } = place;
  const lease = await acquireLease(cluster, { namespace, name, ...options, report: () => {} });
  let over = false;
  try {
    const inventory = await readInventory(cluster, place);
    const fates = await planRelease(cluster, inventory);
    await inParallel(fates, requestsAtOnce, async (fate) => {
      signal.throwIfAborted();
      await lease.require();
      if (fate.reason === '') await letGo(cluster, fate);
    });
    const { resourceVersion } = inventory;
    if (resourceVersion !== undefined) await remove(cluster, parent(place), { resourceVersion });
    over = true;
    return fates;
  } finally {
    await lease.release();
    if (over) await remove(cluster, leaseReference({ namespace, name }));
  }
}

function whyForeign(live: LiveObject, { uid }: Entry, set: string): string {
  const { labels = {} } = live.metadata;
  if (uid !== '' && uid !== live.metadata.uid) return 'it is another object of the same name, which somebody else made';
  // What may hold data carries no such label.
  if (isKept(live) || labels[partOf] === set) return '';
  return 'it no longer carries the label of this stack: it was let go before, or somebody else has taken it';
}

const managedBy = 'app.kubernetes.io/managed-by';

/**
 * Takes away the labels by which Lookout knows an object, and gives the fields that it owns to nobody, in one step and only in
 * the version that was read. Labels by which objects find each other stay. `apply --adopt` takes it up again.
 */
async function letGo(cluster: Cluster, { reference, live }: Fate): Promise<void> {
  const { labels = {}, managedFields = [], resourceVersion } = live.metadata;
  const ours = Object.keys(labels).filter(
    (key) => key === partOf || (key === managedBy && labels[key] === fieldManager),
  );
  if (ours.length === 0 && managedFields.every(({ manager }) => manager !== fieldManager)) return;
  const owners = managedFields.map((entry) =>
    entry.manager === fieldManager ? { ...entry, manager: nobody, operation: 'Update' } : entry,
  );
  const body = [
    ...ours.map((key) => ({
      op: 'remove',
      path: `/metadata/labels/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    })),
    { op: 'replace', path: '/metadata/managedFields', value: owners },
    { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
  ];
  const { path, subject } = await locate(cluster, reference, 'patch');
  const query = { fieldManager };
  await cluster.send({ method: 'PATCH', path, query, contentType: 'application/json-patch+json', body, subject });
}
