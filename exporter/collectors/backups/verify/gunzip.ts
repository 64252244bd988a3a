import { Inflate } from 'pako';

/** What a gzip stream turned out to be; `whole`: header, CRC and length of every member are right. */
export type GzipEnd = 'whole' | 'truncated' | 'corrupt';

export interface Gunzip {
  /** Hands the payload on in pieces before it returns; each piece is valid during its call only. Does nothing after damage. */
  push(piece: Uint8Array): void;
  end(): GzipEnd;
}

/**
 * Unpacks a stream of gzip members and checks them, as `gzip -t` does: zero bytes after a member are padding, others are
 * damage. Synchronous, because nothing else runs in the process that reads. Source: RFC 1952.
 */
export function gunzip(onPayload: (piece: Uint8Array) => void): Gunzip {
  let member = openMember(onPayload);
  let padding = false;
  let corrupt = false;
  const push = (piece: Uint8Array): void => {
    if (corrupt || piece.length === 0) return;
    if (padding || (member.ended && piece[0] === 0)) {
      padding = true;
      corrupt = piece.some((byte) => byte !== 0);
      return;
    }
    if (member.ended) member = openMember(onPayload);
    corrupt = !member.push(piece, false);
  };
  return { push, end: () => (corrupt ? 'corrupt' : member.ended ? 'whole' : 'truncated') };
}

function openMember(onPayload: (piece: Uint8Array) => void): Inflate {
  const member = new Inflate({ windowBits: 31, chunkSize: 262_144 });
  member.onData = onPayload;
  member.onEnd = () => undefined;
  return member;
}
