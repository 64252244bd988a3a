import { onTestFinished } from 'vitest';
import { apiClient } from '../../../exporter/kubernetes/client.ts';
import { follow, type Pace } from '../../../exporter/kubernetes/follow.ts';
import type { Resource } from '../../../exporter/kubernetes/resource.ts';
import { problemOf } from '../../../exporter/model/failure.ts';
import { temporaryFolder } from '../support/folder.ts';
import { FakeKubernetesApi } from './fake-kubernetes-api.ts';
import type { FakeObject } from './fake-store.ts';

export const things: Resource = { api: '/api/v1', resource: 'things', namespace: 'shop', name: null };
export const oneThing = (name: string): Resource => ({ ...things, name });

/** Fast enough for tests; a watch still lasts longer than the pause that tells a short one from others. */
export const testPace: Pace = { page: 3, watch: 0.15, silence: 0.1, pause: 0.01, longest: 0.04, longestAsked: 0.05 };

/** The API with `things` in the namespace shop, each of which is a value. */
export class FakeThingsApi extends FakeKubernetesApi {
  readonly #things = this.collection('/api/v1/namespaces/shop/things');

  put(name: string, value: string): void {
    this.#things.put(name, { value });
  }

  delete(name: string): void {
    this.#things.delete(name);
  }

  compact(): void {
    this.#things.compact();
  }

  /** `shop/name=value` of all that exist, sorted. */
  get content(): readonly string[] {
    return this.#things.store.all.map(({ metadata, value }) => `shop/${metadata.name}=${value}`).sort();
  }
}

export async function startApi(): Promise<FakeThingsApi> {
  const api = new FakeThingsApi(temporaryFolder());
  await api.start();
  return api;
}

/** Follows until the test ends, and keeps what was told. `patience` in seconds, with answers that never end. */
export function followed(api: FakeThingsApi, resource = things, pace: Partial<Pace> = {}, patience = 5) {
  const objects = new Map<string, string>();
  const told: string[] = [];
  const stop = new AbortController();
  const client = apiClient(api.access, { userAgent: 'lookout-test', patience });
  const seen = {
    told,
    stop,
    get content() {
      return [...objects].map(([key, value]) => `${key}=${value}`).sort();
    },
    /** Whether the last thing said of the following itself was that it is current. */
    current: false,
    problems: [] as { reason: string; message: string }[],
    ended: follow<FakeObject>(
      client,
      resource,
      {
        upsert: (key, object) => {
          told.push(`+${key}`);
          objects.set(key, String(object['value']));
        },
        remove: (key) => {
          told.push(`-${key}`);
          objects.delete(key);
        },
        current: () => {
          seen.current = true;
        },
        failed: (error) => {
          seen.current = false;
          seen.problems.push(problemOf(error, 'follow'));
        },
      },
      stop.signal,
      { ...testPace, ...pace },
    ),
  };
  onTestFinished(async () => {
    stop.abort();
    await seen.ended;
    client.close();
  });
  return seen;
}
