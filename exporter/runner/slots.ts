/**
 * Lets a few calls run at once, so that the children of many mounts do not fill the memory together. A call that takes long
 * gives its slot away and goes on: hung mounts must not keep the others waiting.
 */
export class Slots {
  #free: number;
  readonly #longest: number;
  readonly #waiting: (() => void)[] = [];

  /** @param longest seconds after which a slot is given away. */
  constructor(count: number, longest: number) {
    this.#free = count;
    this.#longest = longest;
  }

  async run<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const release = once(() => this.#release());
    const timer = setTimeout(release, this.#longest * 1000);
    try {
      return await call();
    } finally {
      clearTimeout(timer);
      release();
    }
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}

function once(call: () => void): () => void {
  let called = false;
  return () => {
    if (!called) call();
    called = true;
  };
}
