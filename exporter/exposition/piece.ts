import { constants, crc32, deflateRawSync } from 'node:zlib';
import { crcJoin, crcShift } from './crc.ts';

/**
 * Bytes of an answer that never change, also compressed: a run of deflate blocks that ends at a byte and refers to nothing
 * before it. Pieces in any order give one valid gzip member, so that what has not changed is never compressed again.
 */
export interface Piece {
  readonly plain: Buffer;
  readonly deflated: Buffer;
  readonly crc: number;
  /** `crcShift` of the length of `plain`. */
  readonly shift: number;
}

export interface Body {
  readonly parts: readonly Buffer[];
  readonly length: number;
}

/**
 * Synchronous: asynchronous compression would wait for the thread pool. Level 1 takes a third of the time of level 6. Both
 * results have memory of their own: views of larger buffers, which zlib and Node's pool give, would keep all of these.
 */
export function makePiece(texts: readonly Buffer[]): Piece {
  const plain = joined(texts);
  const deflated = deflateRawSync(plain, { level: 1, finishFlush: constants.Z_SYNC_FLUSH });
  return { plain, deflated: joined([deflated]), crc: crc32(plain), shift: crcShift(plain.length) };
}

function joined(parts: readonly Buffer[]): Buffer {
  const whole = Buffer.allocUnsafeSlow(totalLength(parts));
  let end = 0;
  for (const part of parts) end += part.copy(whole, end);
  return whole;
}

export function plainBody(pieces: readonly Piece[]): Body {
  const parts = pieces.map(({ plain }) => plain);
  return { parts, length: totalLength(parts) };
}

const gzipHeader = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255]);
const lastBlock = Buffer.from([3, 0]);

/** One gzip member of all pieces. Source: RFC 1952. */
export function gzipBody(pieces: readonly Piece[]): Body {
  let crc = 0;
  let size = 0;
  for (const piece of pieces) {
    crc = crcJoin(crc, piece.crc, piece.shift);
    size += piece.plain.length;
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc, 0);
  trailer.writeUInt32LE(size % 2 ** 32, 4);
  const parts = [gzipHeader, ...pieces.map(({ deflated }) => deflated), lastBlock, trailer];
  return { parts, length: totalLength(parts) };
}

function totalLength(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}
