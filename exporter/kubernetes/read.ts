import { setImmediate as turn } from 'node:timers/promises';
import { type ApiClient, parse } from './client.ts';
import { AnswerError, RefusedError } from './error.ts';
import type { Replica } from './replica.ts';
import { type ApiObject, collectionPath, keyOf, pagePath, type Resource } from './resource.ts';

/** Milliseconds of work before the event loop gets its turn. */
const slice = 5;

/** Reads a collection page by page. Returns the version that a watch goes on from. */
export async function readPages<Object_ extends ApiObject>(
  client: ApiClient,
  resource: Resource,
  replica: Replica<Object_>,
  size: number,
  signal: AbortSignal,
): Promise<string> {
  const keys = new Set<string>();
  for (let next: string | undefined; ; ) {
    const path = pagePath(resource, size, next);
    const page = asPage<Object_>(path, await client.get(path, signal));
    let started = performance.now();
    for (const object of page.items ?? []) {
      keys.add(keyOf(object));
      replica.upsert(object);
      if (performance.now() - started < slice) continue;
      await turn();
      started = performance.now();
    }
    next = page.metadata.continue;
    if (next !== undefined && next !== '') continue;
    replica.keepOnly(keys);
    return page.metadata.resourceVersion;
  }
}

/** Reads one object, which may be absent. */
export async function readObject<Object_ extends ApiObject>(
  client: ApiClient,
  resource: Resource,
  name: string,
  replica: Replica<Object_>,
  signal: AbortSignal,
): Promise<void> {
  const path = `${collectionPath(resource)}/${name}`;
  try {
    const object = await client.get(path, signal);
    if (!isObject<Object_>(object)) throw new AnswerError(path, 'the answer is no object');
    replica.upsert(object);
  } catch (error) {
    if (!(error instanceof RefusedError) || error.code !== 404) throw error;
    replica.keepOnly(new Set());
  }
}

export interface WatchEvent<Object_ extends ApiObject> {
  readonly type: string;
  readonly object: Object_;
}

/**
 * One line of a watch.
 * @throws AnswerError for what is no event, RefusedError for an event that says that the watch failed.
 */
export function parseEvent<Object_ extends ApiObject>(path: string, line: string): WatchEvent<Object_> {
  const event = parse(path, line);
  if (!isRecord(event) || !isRecord(event['object'])) throw new AnswerError(path, 'a line of the watch is no event');
  const { type, object } = event;
  if (type === 'ERROR') throw new RefusedError(path, Number(object['code']), String(object['message']));
  if (typeof type !== 'string' || !hasVersion<Object_>(object))
    throw new AnswerError(path, 'a line of the watch is no event');
  return { type, object };
}

interface Page<Object_> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  /** Null in the place of none, as Go writes it. */
  readonly items: readonly Object_[] | null;
}

function asPage<Object_ extends ApiObject>(path: string, body: unknown): Page<Object_> {
  if (isPage<Object_>(body)) return body;
  throw new AnswerError(path, 'the answer is no list of objects');
}

function isPage<Object_ extends ApiObject>(body: unknown): body is Page<Object_> {
  if (!isRecord(body) || !hasVersion(body)) return false;
  const { items } = body as { items?: unknown };
  return items === null || (Array.isArray(items) && items.every((item) => isObject(item)));
}

function isObject<Object_ extends ApiObject>(value: unknown): value is Object_ {
  return isRecord(value) && hasVersion(value) && typeof (value.metadata as { name?: unknown }).name === 'string';
}

function hasVersion<Object_ extends ApiObject>(value: object): value is Object_ {
  const { metadata } = value as { metadata?: unknown };
  return isRecord(metadata) && typeof metadata['resourceVersion'] === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
