/** Source: bsonspec.org, version 1.1. MongoDB allows documents of 16 MiB and a little more for its own fields. */
const longest = 17 * 1024 * 1024;
const shortest = 5;
const terminator = -1;

export interface BsonFraming {
  push(piece: Uint8Array): void;
  /** `whole`: the stream ended between two documents. */
  end(): { readonly state: 'whole' | 'truncated' | 'corrupt'; readonly documents: number };
}

interface Frame {
  /** Called for each document of at most 64 KiB that `collects` asked for, with its bytes. */
  readonly onDocument?: (document: Buffer) => void;
  readonly collects?: () => boolean;
  /** Called for each -1 that stands where the length of a document would; without it such a length is damage. */
  readonly onTerminator?: () => void;
}

/**
 * Checks that a stream of BSON documents is whole: each begins with its length and ends with a zero byte, and the next
 * follows at once. What the documents hold is not looked at.
 */
export function bsonFraming(frame: Frame = {}): BsonFraming {
  let head = Buffer.alloc(0);
  let rest = 0;
  let collected: Buffer[] | null = null;
  let documents = 0;
  let corrupt = false;

  const begin = (length: number): void => {
    if (length === terminator && frame.onTerminator !== undefined) {
      frame.onTerminator();
      return;
    }
    corrupt = length < shortest || length > longest;
    rest = length - 4;
    collected = length <= 65_536 && frame.collects?.() === true ? [int32(length)] : null;
  };
  const finish = (last: number | undefined): void => {
    corrupt ||= last !== 0;
    documents += 1;
    if (collected !== null && !corrupt) frame.onDocument?.(Buffer.concat(collected));
  };
  /** Gives how many bytes of the piece it has used. */
  const takeLength = (piece: Buffer): number => {
    if (head.length === 0 && piece.length >= 4) {
      begin(piece.readInt32LE());
      return 4;
    }
    const missing = piece.subarray(0, 4 - head.length);
    head = Buffer.concat([head, missing]);
    if (head.length === 4) {
      begin(head.readInt32LE());
      head = Buffer.alloc(0);
    }
    return missing.length;
  };
  const takeContent = (piece: Buffer): number => {
    const part = piece.subarray(0, rest);
    collected?.push(Buffer.from(part));
    rest -= part.length;
    if (rest === 0) finish(part.at(-1));
    return part.length;
  };
  const push = (bytes: Uint8Array): void => {
    const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < piece.length && !corrupt; ) {
      const left = piece.subarray(at);
      at += rest > 0 ? takeContent(left) : takeLength(left);
    }
  };
  const end: BsonFraming['end'] = () => {
    const state = corrupt ? 'corrupt' : rest > 0 || head.length > 0 ? 'truncated' : 'whole';
    return { state, documents };
  };
  return { push, end };
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** Strings and booleans at the top of a document; reading stops at the first that is neither such nor a number. */
export function bsonFields(document: Buffer): ReadonlyMap<string, string | boolean> {
  const fields = new Map<string, string | boolean>();
  for (let at = 4; at < document.length - 1; ) {
    const type = document[at];
    const nameEnd = document.indexOf(0, at + 1);
    const name = document.toString('utf8', at + 1, nameEnd);
    at = nameEnd + 1;
    if (type === 0x02) {
      const length = document.readInt32LE(at);
      fields.set(name, document.toString('utf8', at + 4, at + 3 + length));
      at += 4 + length;
    } else if (type === 0x08) {
      fields.set(name, document[at] === 1);
      at += 1;
    } else if (type === 0x10) at += 4;
    else if (type === 0x12) at += 8;
    else break;
  }
  return fields;
}
