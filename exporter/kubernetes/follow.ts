import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from './client.ts';
import { AnswerError, RefusedError } from './error.ts';
import { parseEvent, readObject, readPages } from './read.ts';
import { type Follower, Replica } from './replica.ts';
import { type ApiObject, collectionWatchPath, keyOf, objectWatchPath, type Resource } from './resource.ts';

/** How patiently it is read; seconds where nothing else is said. */
export interface Pace {
  /** Objects per page of a full reading. */
  readonly page: number;
  /** After which the server is to end a watch; it is then gone on with. */
  readonly watch: number;
  /** Without a byte beyond that, after which a watch counts as dead; and in which it must begin to be answered. */
  readonly silence: number;
  /** Until the first retry after a failure; doubled with each further one up to `longest`, with jitter. */
  readonly pause: number;
  readonly longest: number;
  /** What the server asks to wait is obeyed up to this. */
  readonly longestAsked: number;
}

export const usualPace: Pace = { page: 100, watch: 120, silence: 30, pause: 1, longest: 60, longestAsked: 300 };

/**
 * Follows a collection or one object until the signal aborts.
 *
 * A collection is read in pages and then watched from there; the watch is gone on with where it ended, and everything is
 * read again when the server no longer knows that place (410). One object is watched first, from any version (0), and then
 * read: whatever happens to it after the reading the watch tells, and that it does not exist only the reading can tell. That
 * needs the verbs `get` and `watch` on this object, a collection `list` and `watch`. Source: Kubernetes documentation, "API Concepts": Efficient detection of
 * changes, Retrieving large results sets in chunks, Semantics for watch.
 *
 * A connection that breaks is an ordinary thing: a failure is told when the next try fails too, or when nothing has ever succeeded.
 */
export async function follow<Object_ extends ApiObject>(
  client: ApiClient,
  resource: Resource,
  follower: Follower<Object_>,
  signal: AbortSignal,
  pace = usualPace,
): Promise<void> {
  const place: Place = { version: undefined, failures: 0, expired: false, everCurrent: false };
  const following = { client, resource, follower, replica: new Replica(follower), signal, pace, place };
  while (!signal.aborted) {
    try {
      await watch(following);
    } catch (error) {
      if (signal.aborted) return;
      await recover(following, error instanceof Error ? error : new Error(String(error)));
    }
  }
}

interface Following<Object_ extends ApiObject> {
  readonly client: ApiClient;
  readonly resource: Resource;
  readonly follower: Follower<Object_>;
  readonly replica: Replica<Object_>;
  readonly signal: AbortSignal;
  readonly pace: Pace;
  readonly place: Place;
}

interface Place {
  /** From where the watch of a collection goes on; undefined: everything is read first. */
  version: string | undefined;
  /** In a row, without a watch that lasted. */
  failures: number;
  /** Whether the server has forgotten the place since then. */
  expired: boolean;
  everCurrent: boolean;
}

/** One watch from its beginning to its end, with what has to be read before. Returns when the server ends it in order. */
async function watch<Object_ extends ApiObject>(following: Following<Object_>): Promise<void> {
  const { client, resource, replica, follower, signal, pace, place } = following;
  const path = await watchedPath(following);
  let since = Number.POSITIVE_INFINITY;
  const lasted = () => performance.now() - since >= pace.pause * 1000;
  const opened = async () => {
    if (resource.name !== null) await readObject(client, resource, resource.name, replica, signal);
    since = performance.now();
    place.everCurrent = true;
    follower.current();
  };
  try {
    const line = (text: string) => take(following, path, text);
    await client.stream(path, { signal, begin: pace.silence, silence: pace.watch + pace.silence, opened, line });
    if (!lasted()) throw new AnswerError(path, 'the watch ended as soon as it had begun');
  } finally {
    if (lasted()) {
      place.failures = 0;
      place.expired = false;
    }
  }
}

async function watchedPath<Object_ extends ApiObject>(following: Following<Object_>): Promise<string> {
  const { client, resource, replica, signal, pace, place } = following;
  if (resource.name !== null) return objectWatchPath(resource, resource.name, pace.watch);
  place.version ??= await readPages(client, resource, replica, pace.page, signal);
  return collectionWatchPath(resource, place.version, pace.watch);
}

/** A line that says of an error, or nothing that is understood, leaves no place to go on from. */
function take<Object_ extends ApiObject>(following: Following<Object_>, path: string, line: string): void {
  const { resource, replica, follower, place } = following;
  place.version = undefined;
  const { type, object } = parseEvent<Object_>(path, line);
  if (resource.name === null) place.version = object.metadata.resourceVersion;
  if (type === 'BOOKMARK') follower.current();
  else if (type === 'DELETED') replica.remove(keyOf(object));
  else replica.upsert(object);
}

async function recover<Object_ extends ApiObject>(following: Following<Object_>, error: Error): Promise<void> {
  const { follower, signal, pace, place } = following;
  if (error instanceof RefusedError && error.code === 410) {
    place.version = undefined;
    // That a place expires is how a watch goes on after a quiet time, not a fault.
    if (!place.expired) {
      place.expired = true;
      return;
    }
  }
  place.failures += 1;
  if (place.failures > 1 || !place.everCurrent) follower.failed(error);
  await sleep(1000 * pauseAfter(error, place.failures, pace), undefined, { signal }).catch(() => {});
}

/** Seconds; never at once, whatever the server says, and with jitter so that many exporters do not return together. */
function pauseAfter(error: Error, failures: number, { pause, longest, longestAsked }: Pace): number {
  const asked = error instanceof RefusedError ? (error.retryAfter ?? 0) : 0;
  const backoff = Math.min(longest, pause * 2 ** Math.min(failures - 1, 16));
  return Math.max(Math.min(asked, longestAsked), backoff * (0.5 + Math.random() / 2));
}
