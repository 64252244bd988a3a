import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ApiClient, StreamOptions } from '../../../exporter/kubernetes/client.ts';
import { RequestError } from '../../../exporter/kubernetes/error.ts';
import { follow, usualPace } from '../../../exporter/kubernetes/follow.ts';
import { things } from './following.ts';

const minute = 60_000;

/** The clock of the tests does not reach into Node's own promises of timers. */
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<object>()),
  setTimeout: (milliseconds: number, value: unknown, { signal }: { signal?: AbortSignal } = {}) =>
    new Promise((resolve, reject) => {
      setTimeout(resolve, milliseconds, value);
      signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    }),
}));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an API server that is away for an hour is tried again ever more rarely, and followed within a minute when it is back', async () => {
  const server = fakeServer();
  const told: string[] = [];
  const stop = new AbortController();
  const follower = {
    upsert: (key: string) => void told.push(key),
    remove: (key: string) => void told.push(`no ${key}`),
    current: () => void told.push('current'),
    failed: (error: Error) => void told.push(error.message),
  };
  const ended = follow(server.client, things, follower, stop.signal);
  await vi.advanceTimersByTimeAsync(minute);
  expect(told).toEqual(['shop/one', 'current']);

  server.goAway();
  const before = server.tries();
  await vi.advanceTimersByTimeAsync(60 * minute);
  const tries = server.tries() - before;
  expect(tries).toBeGreaterThanOrEqual(60);
  expect(tries).toBeLessThan(60 * 2 + 10);
  expect(told.slice(2)).not.toContain('no shop/one');
  expect(new Set(told.slice(2))).toEqual(new Set(['GET watch: connect ECONNREFUSED']));

  server.comeBack();
  await vi.advanceTimersByTimeAsync(usualPace.longest * 1000);
  expect(told.at(-1)).toBe('current');
  expect(server.lists(), 'the watch goes on where it ended').toBe(1);

  stop.abort();
  await vi.advanceTimersByTimeAsync(0);
  await ended;
});

/** `fake-api-client`: a server with one thing, that can be gone; what it says is API Concepts of Kubernetes' documentation. */
function fakeServer() {
  let away = false;
  let tries = 0;
  let lists = 0;
  let break_ = (_: Error) => {};
  const refused = () => new RequestError('watch', 'connection_refused', 'connect ECONNREFUSED');
  const client: ApiClient = {
    get: async () => {
      lists += 1;
      const metadata = { name: 'one', namespace: 'shop', resourceVersion: '7' };
      return { metadata: { resourceVersion: '9' }, items: [{ metadata }] };
    },
    stream: async (_path: string, { opened, signal }: StreamOptions) => {
      tries += 1;
      if (away) throw refused();
      await opened();
      await new Promise((_, reject) => {
        break_ = reject;
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      });
    },
    close: () => {},
  };
  return {
    client,
    tries: () => tries,
    lists: () => lists,
    goAway: () => {
      away = true;
      break_(refused());
    },
    comeBack: () => {
      away = false;
    },
  };
}
