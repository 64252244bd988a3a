import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../common/problems.ts';
import { isApiError } from '../client/errors.ts';
import { create, read, replace } from '../client/objects.ts';
import type { Cluster } from '../client/types.ts';
import { keepLease } from './held.ts';
import { isRunning } from './holder.ts';
import { leaseObject, leaseReference, processAnnotation, seconds } from './object.ts';
import type { HeldLease, LeaseObject, LeaseOptions } from './types.ts';

/** Milliseconds between two looks at a lease that another machine holds. */
const look = 1000;

/**
 * Takes the lease of a stack, so that two applies do not interleave. One whose holder was killed is taken over: at once when it
 * ran on this machine, else after it was not renewed for its duration by our own clock.
 * @throws UserError that names the holder when it is alive.
 */
export async function acquireLease(cluster: Cluster, options: LeaseOptions): Promise<HeldLease> {
  try {
    return keepLease(cluster, options, await take(cluster, options));
  } catch (error) {
    if (!isApiError(error, 403)) throw error;
    options.report(`${error.message}: two applies at once are noticed only by the inventory`);
    return { require: async () => {}, release: async () => {} };
  }
}

async function take(cluster: Cluster, options: LeaseOptions): Promise<LeaseObject> {
  for (;;) {
    const present = (await read(cluster, leaseReference(options))) as LeaseObject | undefined;
    if (present !== undefined) await untilFree(cluster, options, present);
    const taken = await tryTake(cluster, options, present?.metadata.resourceVersion);
    if (taken !== undefined) return taken;
  }
}

/** undefined: somebody was quicker. */
async function tryTake(
  cluster: Cluster,
  options: LeaseOptions,
  resourceVersion: string | undefined,
): Promise<LeaseObject | undefined> {
  const object = leaseObject(options, options.holder.identity, resourceVersion);
  try {
    if (resourceVersion === undefined) return await create<LeaseObject>(cluster, object);
    return await replace<LeaseObject>(cluster, object);
  } catch (error) {
    if (isApiError(error, 409)) return undefined;
    throw error;
  }
}

/** Returns when the lease may be taken in the version that was read. */
async function untilFree(cluster: Cluster, options: LeaseOptions, present: LeaseObject): Promise<void> {
  const { holderIdentity = '', acquireTime = '' } = present.spec;
  if (holderIdentity === '' || holderIdentity === options.holder.identity) return;
  const running = isRunning(present.metadata.annotations?.[processAnnotation]);
  if (running === true) throw held(holderIdentity, acquireTime);
  if (running === false) return options.report(`${holderIdentity} was ended before it was done: going on from there`);
  options.report(`${holderIdentity} has been applying since ${acquireTime}: seeing whether it is still alive`);
  const start = options.now();
  while (options.now() - start < (present.spec.leaseDurationSeconds ?? seconds) * 1000) {
    await sleep(look, undefined, { signal: options.signal });
    const current = (await read(cluster, leaseReference(options))) as LeaseObject | undefined;
    if (current?.metadata.resourceVersion !== present.metadata.resourceVersion) throw held(holderIdentity, acquireTime);
  }
}

function held(holder: string, since: string): UserError {
  return new UserError(`${holder} is applying this stack since ${since}: try again when it is done`);
}
