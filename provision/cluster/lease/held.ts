import { UserError } from '../../../common/problems.ts';
import { isApiError } from '../client/errors.ts';
import { read, replace } from '../client/objects.ts';
import type { Cluster } from '../client/types.ts';
import { leaseObject, leaseReference, renewal } from './object.ts';
import type { HeldLease, LeaseObject, LeaseOptions } from './types.ts';

/** Renews a lease that was taken until it is released. */
export function keepLease(cluster: Cluster, options: LeaseOptions, taken: LeaseObject): HeldLease {
  const lease = new Renewed(cluster, options, taken);
  return { require: () => lease.require(), release: () => lease.release() };
}

class Renewed {
  readonly #cluster: Cluster;
  readonly #options: LeaseOptions;
  readonly #since: string | undefined;
  readonly #timer: NodeJS.Timeout;
  #version: string | undefined;
  #renewedAt: number;
  #lost: Error | undefined;
  #renewing: Promise<void> | undefined;

  constructor(cluster: Cluster, options: LeaseOptions, taken: LeaseObject) {
    this.#cluster = cluster;
    this.#options = options;
    this.#since = taken.spec.acquireTime;
    this.#version = taken.metadata.resourceVersion;
    this.#renewedAt = options.now();
    this.#timer = setInterval(() => void this.#renewOnce(), renewal * 1000);
    this.#timer.unref();
  }

  /** After an outage the lease may be another's: it is renewed before anything is written. */
  async require(): Promise<void> {
    if (this.#options.now() - this.#renewedAt > renewal * 2000) await this.#renewOnce();
    if (this.#lost !== undefined) throw this.#lost;
  }

  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
    if (this.#lost !== undefined) return;
    await this.#write('').catch((error: unknown) => {
      this.#options.report(
        `the lease could not be given back: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }

  /** One renewal at a time; a failure shows at the next write. */
  #renewOnce(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => {
      this.#renewing = undefined;
    });
    return this.#renewing;
  }

  async #renew(): Promise<void> {
    try {
      await this.#write(this.#options.holder.identity);
      this.#renewedAt = this.#options.now();
    } catch (error) {
      this.#lost = error instanceof Error ? error : new Error(String(error));
    }
  }

  /** A repeated write may meet itself: it is ours as long as the holder is. */
  async #write(holder: string): Promise<void> {
    const { identity } = this.#options.holder;
    try {
      await this.#replace(holder);
    } catch (error) {
      if (!isApiError(error, 409, 404)) throw error;
      const current = (await read(this.#cluster, leaseReference(this.#options))) as LeaseObject | undefined;
      const present = current?.spec.holderIdentity ?? '';
      if (present === holder) this.#version = current?.metadata.resourceVersion;
      else if (present === identity) {
        this.#version = current?.metadata.resourceVersion;
        await this.#replace(holder);
      } else
        throw new UserError(`${present === '' ? 'somebody' : present} took over this apply: nothing more is written`, {
          cause: error,
        });
    }
  }

  async #replace(holder: string): Promise<void> {
    const stored = await replace(this.#cluster, leaseObject(this.#options, holder, this.#version, this.#since));
    this.#version = stored.metadata.resourceVersion;
  }
}
