/** No connection became free in time: the shop answers 503. */
export class PoolTimeoutError extends Error {
  readonly statusCode = 503;
}

interface Waiter<Connection> {
  readonly grant: (connection: Connection) => void;
}

/**
 * A fixed number of connections, lent one at a time in the order of asking. Who finds none waits; `waited` hears how long, in
 * seconds, for every loan, 0 when a connection was free.
 */
export class Pool<Connection> {
  readonly max: number;
  readonly #idle: Connection[];
  readonly #waiters: Waiter<Connection>[] = [];
  readonly #patience: number;
  readonly #waited: (seconds: number) => void;

  constructor(connections: readonly Connection[], patienceSeconds: number, waited: (seconds: number) => void) {
    this.max = connections.length;
    this.#idle = [...connections];
    this.#patience = patienceSeconds;
    this.#waited = waited;
  }

  get idle(): number {
    return this.#idle.length;
  }

  get inUse(): number {
    return this.max - this.#idle.length;
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  /** @throws PoolTimeoutError when no connection became free within the pool's patience. */
  async use<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    const asked = performance.now();
    const connection = await this.#acquire().finally(() => this.#waited((performance.now() - asked) / 1000));
    try {
      return await work(connection);
    } finally {
      this.#release(connection);
    }
  }

  async #acquire(): Promise<Connection> {
    const free = this.#idle.pop();
    if (free !== undefined) return free;
    return new Promise((resolve, reject) => {
      const waiter = {
        grant: (connection: Connection) => {
          clearTimeout(timer);
          resolve(connection);
        },
      };
      const timer = setTimeout(() => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(new PoolTimeoutError(`none of ${this.max} database connections became free in ${this.#patience} s`));
      }, this.#patience * 1000);
      this.#waiters.push(waiter);
    });
  }

  #release(connection: Connection): void {
    const next = this.#waiters.shift();
    if (next === undefined) this.#idle.push(connection);
    else next.grant(connection);
  }
}
