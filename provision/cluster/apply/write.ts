import { UserError } from '../../../common/problems.ts';
import { ApiError } from '../client/errors.ts';
import { applyObject, describeObject, remove } from '../client/objects.ts';
import type { Cluster, LiveObject } from '../client/types.ts';
import { adopt } from '../plan/adoption.ts';
import { isFieldConflict } from '../plan/conflicts.ts';
import { grow } from '../plan/growth.ts';
import type { Change } from '../plan/types.ts';
import { type GoneOptions, untilGone } from './gone.ts';

export interface WriteOptions extends GoneOptions {
  readonly take: boolean;
  /** Called before each write. @throws when nothing may be written any more. */
  readonly require: () => Promise<void>;
}

/** So often an object is applied into one that is just being deleted. */
const attempts = 5;

/** Makes one planned change; gives the object as it is then. Done again it does no harm: every step finds what the last one left. */
export async function writeChange(
  cluster: Cluster,
  change: Change,
  options: WriteOptions,
): Promise<LiveObject | undefined> {
  const { action, live, reference } = change;
  if (action === 'none') return live;
  await options.require();
  if (action === 'grow') return growClaim(cluster, change);
  if ((action === 'replace' || action === 'orphan') && live !== undefined) {
    const { uid } = live.metadata;
    await remove(cluster, reference, { uid, propagation: action === 'orphan' ? 'Orphan' : 'Background' });
    await untilGone(cluster, reference, uid, options);
  }
  if (change.adopt) await adopt(cluster, change.object);
  return applyWhole(cluster, change, options);
}

async function growClaim(cluster: Cluster, { object, live }: Change): Promise<LiveObject | undefined> {
  const refusal = await grow(cluster, object, false);
  if (refusal !== undefined) throw new UserError(refusal);
  return live;
}

async function applyWhole(cluster: Cluster, { object, reference }: Change, options: WriteOptions): Promise<LiveObject> {
  for (let attempt = 1; ; attempt++) {
    const stored = await applyOnce(cluster, object, options);
    if (stored?.metadata.deletionTimestamp === undefined && stored !== undefined) return stored;
    if (attempt === attempts)
      throw new UserError(`${describeObject(reference)} changes all the time while it is applied: apply again`);
    if (stored !== undefined) await untilGone(cluster, reference, stored.metadata.uid, options);
  }
}

/** undefined: it changed in between, which is worth another try. */
async function applyOnce(
  cluster: Cluster,
  object: Change['object'],
  { take }: WriteOptions,
): Promise<LiveObject | undefined> {
  try {
    return (await applyObject(cluster, object, { force: take })).object;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409 || isFieldConflict(error)) throw error;
    return undefined;
  }
}
