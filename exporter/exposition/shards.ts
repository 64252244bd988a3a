import { makePiece, type Piece } from './piece.ts';

/** Texts that a shard may hold: with lines of 200 bytes about 50 kB, compressed in a fifth of a millisecond. */
const capacity = 256;

/** Neighbouring keys, sorted, with their texts, which `flush` makes one piece of. */
interface Shard {
  readonly keys: string[];
  /** While the shard is changed; else undefined, and the texts are in the piece alone. */
  texts: Buffer[] | undefined;
  /** Lengths of the texts in the piece. */
  lengths: readonly number[];
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
    const shard = { keys: [key], texts: [Buffer.from(text)], lengths: [], piece: undefined };
    this.#shards.push(shard);
    this.#dirty.add(shard);
    return true;
  }

  #split(shard: Shard): void {
    const texts = textsOf(shard);
    const middle = shard.keys.length >> 1;
    const upper = { keys: shard.keys.splice(middle), texts: texts.splice(middle), lengths: [], piece: undefined };
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

function change(shard: Shard, key: string, text: Buffer): boolean {
  const { keys } = shard;
  const index = place(keys.length, (at) => (keys[at] ?? '') <= key);
  const found = keys[index] === key;
  if (found ? textAt(shard, index).equals(text) : text.length === 0) return false;
  const at = found || (keys[index] ?? key) > key ? index : index + 1;
  const added = text.length === 0 ? [] : [text];
  textsOf(shard).splice(at, found ? 1 : 0, ...added);
  keys.splice(at, found ? 1 : 0, ...added.map(() => key));
  return true;
}

function textAt({ texts, lengths, piece }: Shard, index: number): Buffer {
  const text = texts?.[index];
  if (text !== undefined) return text;
  let start = 0;
  for (let before = 0; before < index; before += 1) start += lengths[before] ?? 0;
  return (piece?.plain ?? Buffer.alloc(0)).subarray(start, start + (lengths[index] ?? 0));
}

function textsOf(shard: Shard): Buffer[] {
  if (shard.texts !== undefined) return shard.texts;
  let end = 0;
  shard.texts = shard.lengths.map((length) => {
    end += length;
    return (shard.piece?.plain ?? Buffer.alloc(0)).subarray(end - length, end);
  });
  return shard.texts;
}

function flush(shard: Shard): void {
  const texts = textsOf(shard);
  shard.piece = makePiece(texts);
  shard.lengths = texts.map(({ length }) => length);
  shard.texts = undefined;
}
