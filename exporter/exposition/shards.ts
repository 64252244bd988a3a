import { makePiece, type Piece } from './piece.ts';

/** Texts that a shard may hold: with lines of 200 bytes about 50 kB, compressed in a fifth of a millisecond. */
const capacity = 256;

/** Neighbouring keys, sorted, with their texts. `piece` is made of the texts by `flush`, which leaves the bytes in it alone. */
interface Shard {
  readonly keys: string[];
  readonly texts: Buffer[];
  piece: Piece | undefined;
}

/** The texts of one family by object, in the order of keys, cut into shards: a change makes the bytes of one shard anew. */
export class Shards {
  readonly #shards: Shard[] = [];
  readonly #dirty = new Set<Shard>();

  /** An empty text removes the key. Tells whether anything has changed. */
  set(key: string, text: string): boolean {
    const shard = this.#shards[place(this.#shards.length, (index) => (this.#shards[index]?.keys[0] ?? '') <= key)];
    if (shard === undefined) return text !== '' && this.#begin(key, text);
    if (!change(shard, key, Buffer.from(text))) return false;
    this.#dirty.add(shard);
    if (shard.keys.length > capacity) this.#split(shard);
    return true;
  }

  get dirty(): boolean {
    return this.#dirty.size > 0;
  }

  /** Makes the bytes of one changed shard. */
  flushOne(): void {
    for (const shard of this.#dirty) {
      this.#dirty.delete(shard);
      if (shard.keys.length > 0) flush(shard);
      else this.#shards.splice(this.#shards.indexOf(shard), 1);
      return;
    }
  }

  /** What was flushed, in the order of keys. */
  pieces(): readonly Piece[] {
    return this.#shards.flatMap(({ piece }) => piece ?? []);
  }

  #begin(key: string, text: string): true {
    const shard = { keys: [key], texts: [Buffer.from(text)], piece: undefined };
    this.#shards.push(shard);
    this.#dirty.add(shard);
    return true;
  }

  #split(shard: Shard): void {
    const middle = shard.keys.length >> 1;
    const upper = { keys: shard.keys.splice(middle), texts: shard.texts.splice(middle), piece: undefined };
    this.#shards.splice(this.#shards.indexOf(shard) + 1, 0, upper);
    this.#dirty.add(upper);
  }
}

/** The last of `length` indexes for which `holds` is true, or 0: it is true up to some index and false from there on. */
function place(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

function change({ keys, texts }: Shard, key: string, text: Buffer): boolean {
  const index = place(keys.length, (at) => (keys[at] ?? '') <= key);
  const found = keys[index] === key;
  if (found ? texts[index]?.equals(text) : text.length === 0) return false;
  const at = found || (keys[index] ?? key) > key ? index : index + 1;
  if (text.length === 0) {
    keys.splice(at, 1);
    texts.splice(at, 1);
  } else {
    keys.splice(at, found ? 1 : 0, key);
    texts.splice(at, found ? 1 : 0, text);
  }
  return true;
}

function flush(shard: Shard): void {
  const plain = Buffer.concat(shard.texts);
  let offset = 0;
  for (const [index, { length }] of shard.texts.entries()) {
    shard.texts[index] = plain.subarray(offset, offset + length);
    offset += length;
  }
  shard.piece = makePiece(plain);
}
