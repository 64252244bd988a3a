import type { Files } from '../../../reader/task.ts';

/** Reads a file from its begin to its end; what lies between may be skipped unread. */
export interface ByteReader {
  readonly position: () => number;
  readonly ended: () => boolean;
  /** Undefined when fewer bytes are left; the reader is then at the end. */
  readonly take: (count: number) => Buffer | undefined;
  /** Past the end of the file it stands at the end and says false. */
  readonly skip: (count: number) => boolean;
  /** Bytes that were read since this was last asked. */
  readonly cost: () => number;
}

const windowLength = 65_536;

export function byteReader(files: Files, path: string, size: number): ByteReader {
  let at = 0;
  let window: Buffer = Buffer.alloc(0);
  let start = 0;
  let cost = 0;
  const load = (count: number): void => {
    if (at >= start && at + count <= start + window.length) return;
    window = files.readRange(path, at, Math.max(count, windowLength));
    start = at;
    cost += window.length;
  };
  const skip = (count: number): boolean => {
    const fits = at + count <= size;
    at = fits ? at + count : size;
    return fits;
  };
  const take = (count: number): Buffer | undefined => {
    if (at + count > size) {
      at = size;
      return undefined;
    }
    load(count);
    const bytes = window.subarray(at - start, at - start + count);
    at += count;
    return bytes.length === count ? bytes : undefined;
  };
  const spent = (): number => {
    const bytes = cost;
    cost = 0;
    return bytes;
  };
  return { position: () => at, ended: () => at >= size, take, skip, cost: spent };
}
