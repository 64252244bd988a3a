import { failed } from '../model/failure.ts';
import { type Mount, mountOf, parseMounts } from '../model/mounts.ts';
import type { Outcome } from '../model/reading.ts';
import { type Entry, monotonic } from './entry.ts';

/** Seconds for which the table is taken as it was read. */
const validity = 0.02;

/**
 * Tells a directory from the one below it that shows when its mount is gone: that is most often empty, and not what was
 * declared. What was read once on a mount is read again only on that mount, or on one made below it.
 */
export class MountTable {
  readonly #read: () => string;
  /** How often each mount was seen to be gone. */
  readonly #seenGone = new Map<string, number>();
  #text = '';
  #validUntil = 0;
  #mounts: readonly Mount[] = [];

  /** @param read gives the text of `/proc/self/mountinfo`. */
  constructor(read: () => string) {
    this.#read = read;
  }

  /** Takes down the mount on which the path lies now. What is wrong when it is no longer the one that it was read on. */
  place(entry: Entry, path: string): Outcome<never> | undefined {
    const { point } = mountOf(path, this.#current());
    if (entry.readAt > 0 && point.length < entry.lane.length) {
      this.#seenGone.set(entry.lane, (this.#seenGone.get(entry.lane) ?? 0) + 1);
      return notMounted(entry);
    }
    entry.lane = point;
    return undefined;
  }

  /** To be called when an attempt begins: gives what makes of its outcome that the mount has disappeared meanwhile. */
  watch(entry: Entry): (outcome: Outcome<unknown>) => Outcome<unknown> {
    const { lane, readAt, state } = entry;
    const seen = this.#seenGone.get(lane);
    return (outcome) => {
      if (readAt === 0 || lane === '/' || outcome.reading === state.reading) return outcome;
      const mounted = this.#seenGone.get(lane) === seen && this.#current().some(({ point }) => point === lane);
      return mounted ? outcome : notMounted(entry);
    };
  }

  /** Reading the table takes up to a millisecond where much is mounted, and thousands of sources ask at once. */
  #current(): readonly Mount[] {
    if (monotonic() < this.#validUntil) return this.#mounts;
    const text = this.#read();
    if (text !== this.#text) this.#mounts = parseMounts(text);
    this.#text = text;
    this.#validUntil = monotonic() + validity;
    return this.#mounts;
  }
}

function notMounted({ lane }: Entry): Outcome<never> {
  const message = `${lane} is not mounted any more: it is read again when it is, or after a restart`;
  return failed({ reason: 'not_mounted', message });
}
