import type { Files } from '../../../reader/task.ts';
import { type GzipEnd, gunzip } from './gunzip.ts';
import type { Steps } from './steps.ts';

/** Begin, end and length of what an artifact's file holds, unpacked when it is compressed. */
export interface Payload {
  /** `opaque`: packed or encrypted in a form that is not looked into. */
  readonly form: 'plain' | 'gzip' | 'opaque';
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly length: number;
}

export type Damage = 'not_gzip' | Exclude<GzipEnd, 'whole'>;

export interface Wanted {
  /** The whole payload in order; without it only the ends of a plain file are read. */
  readonly onPayload?: (piece: Uint8Array) => void;
  /** The bytes of the file itself, all of them and in order. */
  readonly onBytes?: (piece: Uint8Array) => void;
}

/** Bytes that are kept of each end. */
export const endLength = 65_536;
const pieceLength = 1_048_576;
const opaqueEndings = /\.(?:xz|bz2|zst|lz4|lzo|br|7z|zip|gpg|pgp|age|enc)$/i;

/** Reads a regular file of `size` bytes. The payload, or how the compression is damaged. */
export function* readPayload(files: Files, path: string, size: number, wanted: Wanted): Steps<Payload | Damage> {
  const magic = files.readRange(path, 0, 2);
  const zipped = magic[0] === 0x1f && magic[1] === 0x8b;
  const { onBytes } = wanted;
  if (zipped) return yield* readGzip(files, path, size, wanted);
  if (/\.t?gz$/i.test(path)) return 'not_gzip';
  const form = opaqueEndings.test(path) ? 'opaque' : 'plain';
  if (wanted.onPayload === undefined && onBytes === undefined) return readEnds(files, path, size, form);
  for (const piece of pieces(files, path, size)) {
    onBytes?.(piece);
    wanted.onPayload?.(piece);
    yield piece.length;
  }
  return readEnds(files, path, size, form);
}

function* readGzip(files: Files, path: string, size: number, wanted: Wanted): Steps<Payload | Damage> {
  const ends = endsKeeper();
  let unpacked = 0;
  const stream = gunzip((piece) => {
    unpacked += piece.length;
    ends.push(piece);
    wanted.onPayload?.(piece);
  });
  for (const piece of pieces(files, path, size)) {
    const before = unpacked;
    wanted.onBytes?.(piece);
    stream.push(piece);
    yield piece.length + unpacked - before;
  }
  const end = stream.end();
  return end === 'whole' ? { form: 'gzip', ...ends.result() } : end;
}

function readEnds(files: Files, path: string, size: number, form: Payload['form']): Payload {
  const head = files.readRange(path, 0, endLength);
  return { form, head, tail: size <= endLength ? head : files.readRange(path, -endLength, endLength), length: size };
}

function* pieces(files: Files, path: string, size: number): Generator<Buffer> {
  for (let position = 0; position < size; ) {
    const piece = files.readRange(path, position, Math.min(pieceLength, size - position));
    if (piece.length === 0) return;
    position += piece.length;
    yield piece;
  }
}

function endsKeeper(): { push(piece: Uint8Array): void; result(): Omit<Payload, 'form'> } {
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  let length = 0;
  const push = (piece: Uint8Array): void => {
    if (head.length < endLength) head = Buffer.concat([head, piece.subarray(0, endLength - head.length)]);
    const last = piece.subarray(Math.max(piece.length - endLength, 0));
    tail =
      last.length === endLength ? Buffer.from(last) : Buffer.concat([tail.subarray(last.length - endLength), last]);
    length += piece.length;
  };
  return { push, result: () => ({ head, tail, length }) };
}
