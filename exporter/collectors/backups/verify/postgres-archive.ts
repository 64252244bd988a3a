import type { Files } from '../../../reader/task.ts';
import { hasCode } from '../directory.ts';
import type { Finding } from '../model.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { type PostgresContents, postgresMagic, readContents } from './postgres-toc.ts';
import { failed, passed, type Steps } from './steps.ts';

const dataBlock = 1;
const largeObjects = 3;

/** A file written by `pg_dump -Fc`: every entry of its table of contents has all its data. */
export function* verifyCustomArchive(files: Files, path: string, size: number): Steps<readonly Finding[]> {
  const reader = byteReader(files, path, size);
  const contents = readContents(reader);
  yield reader.cost();
  if (contents === 'unknown') return [passed('header')];
  if (typeof contents === 'string') return [failed('header', contents)];
  if (contents.format !== 'custom') return [passed('header')];
  const found = new Set<number>();
  while (!reader.ended()) {
    const id = yield* readBlock(reader, contents);
    if (typeof id === 'string') return [passed('header'), failed('contents', id)];
    found.add(id);
  }
  const whole = contents.data.every(({ id }) => found.has(id));
  return [passed('header'), whole ? passed('contents') : failed('contents', 'contents_missing')];
}

/** A directory written by `pg_dump -Fd`: every entry of its table of contents has its file. */
export function* verifyDirectoryArchive(files: Files, directory: string): Steps<readonly Finding[]> {
  const path = `${directory}/toc.dat`;
  const size = sizeOf(files, path);
  if (size === undefined) return [failed('header', 'not_a_dump')];
  const reader = byteReader(files, path, size);
  const isArchive = reader.take(postgresMagic.length)?.toString('latin1') === postgresMagic;
  if (!isArchive) return [failed('header', size === 0 ? 'truncated' : 'not_a_dump')];
  const contents = readContents(byteReader(files, path, size));
  yield reader.cost();
  if (contents === 'unknown') return [passed('header')];
  if (typeof contents === 'string') return [failed('header', contents)];
  const whole = contents.data.every(({ file }) => file === null || file === '' || exists(files, directory, file));
  return [passed('header'), whole ? passed('contents') : failed('contents', 'contents_missing')];
}

/** The dump id of the block, or how the file is damaged there. */
function* readBlock(reader: ByteReader, contents: PostgresContents): Steps<number | 'truncated' | 'corrupt'> {
  const type = reader.take(1)?.[0];
  if (type !== dataBlock && type !== largeObjects) return 'corrupt';
  const id = contents.readInt(reader);
  if (id === undefined) return 'truncated';
  if (type === dataBlock) return (yield* skipChunks(reader, contents)) ?? id;
  for (let object = contents.readInt(reader); object !== 0; object = contents.readInt(reader)) {
    if (object === undefined) return 'truncated';
    const damage = yield* skipChunks(reader, contents);
    if (damage !== undefined) return damage;
  }
  return id;
}

/** Chunks of data, each with its length before it, up to one of length 0. */
function* skipChunks(reader: ByteReader, contents: PostgresContents): Steps<'truncated' | 'corrupt' | undefined> {
  for (let length = contents.readInt(reader); length !== 0; length = contents.readInt(reader)) {
    if (length === undefined) return 'truncated';
    if (length < 0) return 'corrupt';
    if (!reader.skip(length)) return 'truncated';
    yield reader.cost();
  }
  return undefined;
}

/** pg_dump adds `.gz`, `.lz4` or `.zst` to the names of compressed files, but not in the table of contents. */
function exists(files: Files, directory: string, file: string): boolean {
  return ['', '.gz', '.lz4', '.zst'].some((ending) => sizeOf(files, `${directory}/${file}${ending}`) !== undefined);
}

function sizeOf(files: Files, path: string): number | undefined {
  try {
    return files.lstat(path).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
