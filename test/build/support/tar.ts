import { extract } from 'tar-stream';

export interface TarEntry {
  readonly name: string;
  readonly type: string;
  readonly mode: number;
  /** `uid:gid`. */
  readonly owner: string;
  /** Seconds since the epoch. */
  readonly modified: number;
  readonly content: Buffer;
}

/** The entries of a tar archive in their order. */
export async function readTar(archive: Uint8Array): Promise<readonly TarEntry[]> {
  const reader = extract();
  reader.end(Buffer.from(archive.buffer, archive.byteOffset, archive.length));
  const entries: TarEntry[] = [];
  for await (const entry of reader) {
    const { name, type, mode, uid, gid, mtime } = entry.header;
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    entries.push({
      name,
      type: type ?? '',
      mode: mode ?? 0,
      owner: `${uid}:${gid}`,
      modified: (mtime?.getTime() ?? -1) / 1000,
      content: Buffer.concat(chunks),
    });
  }
  return entries;
}
