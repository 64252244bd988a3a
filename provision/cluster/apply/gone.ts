import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../common/problems.ts';
import { describeObject, read } from '../client/objects.ts';
import type { Cluster, ObjectReference } from '../client/types.ts';

export interface GoneOptions {
  /** Milliseconds. */
  readonly patience: number;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * Waits until exactly this object is gone; another one of its name does not count.
 * @throws UserError that names what holds it, when it takes too long.
 */
export async function untilGone(
  cluster: Cluster,
  reference: ObjectReference,
  uid: string,
  { patience, now, signal }: GoneOptions,
): Promise<void> {
  const start = now();
  for (;;) {
    const live = await read(cluster, reference);
    if (live === undefined || live.metadata.uid !== uid) return;
    if (now() - start > patience) {
      const finalizers = live.metadata.finalizers ?? [];
      const held = finalizers.length === 0 ? '' : `: its finalizers ${finalizers.join(', ')} hold it`;
      throw new UserError(
        `${describeObject(reference)} is deleted but not gone after ${Math.round(patience / 1000)} s${held}`,
      );
    }
    await sleep(200, undefined, { signal });
  }
}
