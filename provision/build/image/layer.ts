import { dirname } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/** A file of an image or of an archive; `path` from its root, without a leading slash. */
export interface TarFile {
  readonly path: string;
  readonly content: Uint8Array;
  /** 0644 when left out. */
  readonly mode?: number;
}

const owned = { uid: 0, gid: 0, mtime: new Date(0) } as const;

/** A tar archive of the files and of the directories that they lie in, sorted by path: the same files give the same bytes. */
export async function tarOf(files: readonly TarFile[]): Promise<Buffer> {
  const archive = pack();
  const result = buffer(archive);
  for (const name of directoriesOf(files)) archive.entry({ ...owned, name, type: 'directory', mode: 0o755 });
  for (const { path: name, content, mode = 0o644 } of files.toSorted(byPath))
    archive.entry({ ...owned, name, mode }, Buffer.from(content.buffer, content.byteOffset, content.length));
  archive.finalize();
  return await result;
}

/** Sorted, so that each directory comes before what lies in it. */
function directoriesOf(files: readonly TarFile[]): readonly string[] {
  const found = new Set<string>();
  for (const { path } of files)
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) found.add(folder);
  return [...found].sort();
}

function byPath(a: TarFile, b: TarFile): number {
  return a.path < b.path ? -1 : 1;
}
