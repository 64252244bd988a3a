import type { ByteReader } from './byte-reader.ts';

/** The table of contents of a pg_dump archive, as far as its completeness needs it. */
export interface PostgresContents {
  readonly format: 'custom' | 'directory' | 'tar';
  /** Entries that have data: their dump id, and in a directory the name of their file. */
  readonly data: readonly { readonly id: number; readonly file: string | null }[];
  /** Reads an integer in the archive's own form; undefined at the end of the file. */
  readonly readInt: (reader: ByteReader) => number | undefined;
}

export const postgresMagic = 'PGDMP';

const formats: Readonly<Record<number, PostgresContents['format']>> = { 1: 'custom', 3: 'tar', 5: 'directory' };
/** Versions 1.12 (PostgreSQL 9.0) to 1.16 (17 and 18). */
const oldest = 12;
const newest = 16;

interface Head {
  readonly minor: number;
  readonly intSize: number;
  readonly offsetSize: number;
  readonly format: PostgresContents['format'];
}

/**
 * Reads the header and the table of contents. `truncated` when the file ends within them, `unknown` for a version of the
 * format that this reader does not know, `corrupt` for what no pg_dump writes.
 * Source: pg_backup_archiver.c (ReadHead, ReadToc, ReadInt, ReadStr), pg_backup_custom.c and pg_backup_directory.c.
 */
export function readContents(reader: ByteReader): PostgresContents | 'truncated' | 'unknown' | 'corrupt' {
  const head = readHead(reader);
  if (typeof head === 'string') return head;
  const fields = fieldReader(reader, head.intSize);
  skipDescription(fields, head.minor);
  const count = fields.int();
  if (count < 0) return fields.ended() ? 'truncated' : 'corrupt';
  const data: { id: number; file: string | null }[] = [];
  for (let index = 0; index < count && !fields.ended(); index += 1) {
    const entry = readEntry(fields, head);
    if (entry !== undefined) data.push(entry);
  }
  if (fields.ended()) return 'truncated';
  return { format: head.format, data, readInt: (other) => intOf(other.take(1 + head.intSize)) };
}

function readHead(reader: ByteReader): Head | 'truncated' | 'unknown' | 'corrupt' {
  const bytes = reader.take(11);
  if (bytes === undefined) return 'truncated';
  const [major = 0, minor = 0, , intSize = 0, offsetSize = 0, code = 0] = bytes.subarray(postgresMagic.length);
  if (major !== 1 || minor < oldest || minor > newest) return 'unknown';
  const format = formats[code];
  if (format === undefined || intSize < 1 || intSize > 8 || offsetSize < 1 || offsetSize > 8) return 'corrupt';
  return { minor, intSize, offsetSize, format };
}

/** Reads that keep on giving -1 and nothing once the file has ended; `ended` tells. */
interface Fields {
  readonly int: () => number;
  readonly text: () => string | null;
  readonly skip: (count: number) => void;
  readonly ended: () => boolean;
}

function fieldReader(reader: ByteReader, intSize: number): Fields {
  let over = false;
  const int = (): number => {
    const value = intOf(reader.take(1 + intSize));
    if (value === undefined) over = true;
    return value ?? -1;
  };
  const text = (): string | null => {
    const length = int();
    if (length < 0) return null;
    const short = length <= 4096;
    const bytes = short ? reader.take(length) : undefined;
    if (short ? bytes === undefined : !reader.skip(length)) over = true;
    return bytes?.toString('utf8') ?? '';
  };
  const skip = (count: number): void => {
    if (!reader.skip(count)) over = true;
  };
  return { int, text, skip, ended: () => over };
}

/** Sign, then the magnitude with its lowest byte first. */
function intOf(bytes: Buffer | undefined): number | undefined {
  if (bytes === undefined) return undefined;
  const magnitude = bytes.subarray(1).reduceRight((value, byte) => value * 256 + byte, 0);
  return bytes[0] === 0 ? magnitude : -magnitude;
}

/** Compression, time, database, versions of server and pg_dump. */
function skipDescription(fields: Fields, minor: number): void {
  if (minor >= 15) fields.skip(1);
  else fields.int();
  for (let index = 0; index < 7; index += 1) fields.int();
  for (let index = 0; index < 3; index += 1) fields.text();
}

/** The entry when it has data. */
function readEntry(
  fields: Fields,
  { minor, format, offsetSize }: Head,
): { id: number; file: string | null } | undefined {
  const id = fields.int();
  const hasData = fields.int() !== 0;
  // table oid, oid, tag, description; section; definition, drop and copy statements, namespace, tablespace
  for (let index = 0; index < 4; index += 1) fields.text();
  fields.int();
  for (let index = 0; index < 5; index += 1) fields.text();
  if (minor >= 14) fields.text();
  if (minor >= 16) fields.int();
  // owner, WITH OIDS
  fields.text();
  fields.text();
  while (fields.text() !== null) if (fields.ended()) break;
  const file = format === 'custom' ? null : fields.text();
  if (format === 'custom') fields.skip(1 + offsetSize);
  return hasData && !fields.ended() ? { id, file } : undefined;
}
