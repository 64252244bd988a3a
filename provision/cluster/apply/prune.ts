import { ApiError, isApiError } from '../client/errors.ts';
import { describeObject, read, remove } from '../client/objects.ts';
import type { Cluster } from '../client/types.ts';
import { objectId } from '../inventory/id.ts';
import { whyKept } from '../inventory/prune.ts';
import type { Entry, Inventory } from '../inventory/types.ts';
import type { Prune } from '../plan/types.ts';

export interface PruneOptions {
  readonly require: () => Promise<void>;
  readonly report: (line: string) => void;
}

/** Deletes what the plan says, one by one in its order; gives the entries that stay in the inventory. */
export async function prune(
  cluster: Cluster,
  prunes: readonly Prune[],
  inventory: Inventory,
  options: PruneOptions,
): Promise<readonly Entry[]> {
  const left: Entry[] = [];
  for (const one of prunes) {
    const entry = inventory.entries.find(({ id }) => id === objectId(one.reference));
    if (entry === undefined) continue;
    if (one.action === 'keep') left.push(entry);
    else if (!(await pruneOne(cluster, one, entry, inventory.id, options))) left.push({ ...entry, state: 'failed' });
  }
  return left;
}

/** So often an object is read again that changed between the look and the deletion. */
const attempts = 3;

/** Whether it is gone. It is judged again at the last moment, and deleted only in the version that was judged. */
async function pruneOne(
  cluster: Cluster,
  { reference }: Prune,
  entry: Entry,
  set: string,
  { require, report }: PruneOptions,
): Promise<boolean> {
  await require();
  for (let attempt = 1; ; attempt++) {
    try {
      const live = await read(cluster, reference);
      if (live === undefined) return true;
      const reason = whyKept(reference, live, entry, set);
      if (reason !== '') {
        report(`stays: ${describeObject(reference)}: ${reason}`);
        return false;
      }
      const { uid, resourceVersion } = live.metadata;
      await remove(cluster, reference, { uid, resourceVersion });
      report(`deleted ${describeObject(reference)}`);
      return true;
    } catch (error) {
      if (isApiError(error, 409) && attempt < attempts) continue;
      if (!(error instanceof ApiError)) throw error;
      report(`could not delete ${describeObject(reference)}: ${error.message}`);
      return false;
    }
  }
}
