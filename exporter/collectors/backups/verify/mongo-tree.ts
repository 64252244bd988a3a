import type { Files } from '../../../reader/task.ts';
import { treeFiles } from '../measure.ts';
import type { Finding } from '../model.ts';
import { bsonFraming } from './bson.ts';
import { readPayload } from './payload.ts';
import { failed, passed, type Steps } from './steps.ts';

interface Collection {
  /** Paths below the root; null when there is none. */
  data: string | null;
  metadata: string | null;
}

const metadataLimit = 16 * 1024 * 1024;

/**
 * A directory written by mongodump: `<database>/<collection>.bson` with `<collection>.metadata.json` beside it, both with
 * `.gz` under `--gzip`; `oplog.bson` at the root has no metadata, a view no data, and the data of a time series is named
 * `system.buckets.<collection>`. Source: mongodb.com, "mongodump" (Output); mongodb/mongo-tools, mongodump.go.
 */
export function* verifyMongoTree(files: Files, root: string): Steps<readonly Finding[]> {
  const all = [...treeFiles(files, root)].sort((a, b) => (a.path < b.path ? -1 : 1));
  const collections = collectionsOf(all.map(({ path }) => path));
  if (collections.size === 0) return [failed('header', 'not_a_dump')];
  const metadata = yield* verifyMetadata(files, root, [...collections.values()]);
  let documents = 0;
  for (const { path, size } of all.filter((file) => isData(file.path))) {
    const checked = yield* verifyData(files, `${root}/${path}`, size);
    if (typeof checked !== 'number') return [passed('not_empty'), metadata, checked];
    documents += checked;
  }
  if (documents === 0) return [failed('not_empty', 'empty'), metadata];
  return [passed('not_empty'), metadata, passed('framing')];
}

function collectionsOf(paths: readonly string[]): ReadonlyMap<string, Collection> {
  const collections = new Map<string, Collection>();
  for (const path of paths) {
    const isMetadata = /\.metadata\.json(?:\.gz)?$/.test(path);
    if (!isMetadata && !isData(path)) continue;
    const name = path.replace(/\.(?:metadata\.json|bson)(?:\.gz)?$/, '').replace(/(^|\/)system\.buckets\./, '$1');
    const collection = collections.get(name) ?? { data: null, metadata: null };
    if (isMetadata) collection.metadata = path;
    else collection.data = path;
    collections.set(name, collection);
  }
  return collections;
}

function isData(path: string): boolean {
  return /\.bson(?:\.gz)?$/.test(path);
}

/** Every collection but the oplog has metadata that can be read, and data unless it is a view. */
function* verifyMetadata(files: Files, root: string, collections: readonly Collection[]): Steps<Finding> {
  for (const { data, metadata } of collections) {
    if (metadata === null) {
      if (data?.includes('/') === true) return failed('metadata', 'metadata_missing');
      continue;
    }
    const text = yield* readText(files, `${root}/${metadata}`);
    const described = text === undefined ? undefined : parseObject(text);
    if (described === undefined) return failed('metadata', 'corrupt');
    if (data === null && !isView(described)) return failed('metadata', 'metadata_missing');
  }
  return passed('metadata');
}

function isView(metadata: Readonly<Record<string, unknown>>): boolean {
  const { type, options } = metadata;
  return type === 'view' || (typeof options === 'object' && options !== null && 'viewOn' in options);
}

function* readText(files: Files, path: string): Steps<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  const onPayload = (piece: Uint8Array): void => {
    length += piece.length;
    if (length <= metadataLimit) parts.push(Buffer.from(piece));
  };
  const payload = yield* readPayload(files, path, files.lstat(path).size, { onPayload });
  return typeof payload === 'string' || length > metadataLimit ? undefined : Buffer.concat(parts).toString('utf8');
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** How many documents the file holds, or what is wrong with it. */
function* verifyData(files: Files, path: string, size: number): Steps<number | Finding> {
  if (size === 0) return 0;
  const framing = bsonFraming();
  const payload = yield* readPayload(files, path, size, { onPayload: framing.push });
  if (typeof payload === 'string') return failed('gzip', payload);
  const { state, documents } = framing.end();
  return state === 'whole' ? documents : failed('framing', state);
}
