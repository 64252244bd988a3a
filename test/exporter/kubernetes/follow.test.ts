import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { until } from '../support/exporter.ts';
import type { Fault } from './fake-kubernetes-api.ts';
import { type FakeThingsApi, followed, oneThing, startApi } from './following.ts';

describe('following a collection', () => {
  test('tells what exists, page by page, and then each change', async () => {
    const api = await startApi();
    for (let number = 0; number < 8; number++) api.put(`thing-${number}`, 'first');
    const seen = followed(api);
    await until(() => seen.current);
    expect(api.count('page')).toBe(3);
    expect(seen.content).toEqual(api.content);
    api.put('thing-3', 'second');
    api.delete('thing-4');
    await until(() => seen.told.length === 10);
    expect(seen.told.slice(8)).toEqual(['+shop/thing-3', '-shop/thing-4']);
    expect(seen.content).toEqual(api.content);
  });

  test('is current when nothing exists', async () => {
    const seen = followed(await startApi());
    await until(() => seen.current);
    expect(seen.content).toEqual([]);
  });

  test('goes on where the last watch ended, without reading everything again', async () => {
    const api = await startApi();
    api.put('one', 'first');
    const seen = followed(api);
    await until(() => api.count('watch') > 3);
    api.put('one', 'second');
    await until(() => seen.told.length === 2);
    expect(api.count('page')).toBe(1);
    expect(seen.problems).toEqual([]);
  });

  test('misses nothing that happens between two watches', async () => {
    const api = await startApi();
    const seen = followed(api);
    await until(() => seen.current);
    for (let number = 0; number < 20; number++) {
      api.breakWatches();
      api.put(`thing-${number % 5}`, `value-${number}`);
      await until(() => seen.content.includes(`shop/thing-${number % 5}=value-${number}`));
    }
    expect(seen.content).toEqual(api.content);
  });

  test('reads everything again when the server no longer knows the place, and tells only what is different', async () => {
    const api = await startApi();
    api.bookmarks = false;
    for (const name of ['one', 'two', 'three', 'four']) api.put(name, 'first');
    const seen = followed(api);
    await until(() => seen.current);
    await forget(api);
    await until(() => seen.told.includes('-shop/two'));
    expect(seen.told.slice(4).sort()).toEqual(['+shop/five', '+shop/one', '-shop/two']);
    expect(seen.content).toEqual(api.content);
    expect(seen.problems).toEqual([]);
  });

  test('the same when the watch itself says so', async () => {
    const api = await startApi();
    api.put('one', 'first');
    const seen = followed(api);
    await until(() => seen.current);
    api.fail('watch', { kind: 'event', code: 410 });
    await until(() => api.count('page') === 2);
    expect(seen.problems).toEqual([]);
  });

  test('begins again when the server forgets its place in the middle of the pages', async () => {
    const api = await startApi();
    for (let number = 0; number < 8; number++) api.put(`thing-${number}`, 'first');
    api.fail('page', { kind: 'status', code: 500 }, { kind: 'status', code: 410 });
    const seen = followed(api);
    await until(() => seen.current);
    expect(seen.content).toEqual(api.content);
  });

  test.each<{ what: string; fault: Fault; reason: string }>([
    {
      what: 'refusals for too many requests',
      fault: { kind: 'status', code: 429, retryAfter: '0' },
      reason: 'rate_limited',
    },
    { what: 'server errors', fault: { kind: 'status', code: 500 }, reason: 'server_error' },
    { what: 'connections that break', fault: { kind: 'reset' }, reason: 'connection_reset' },
    { what: 'events cut in half by a break', fault: { kind: 'half', by: 'break' }, reason: 'connection_reset' },
    { what: 'watches that end at once', fault: { kind: 'close' }, reason: 'bad_answer' },
    { what: 'events cut in half by an end', fault: { kind: 'half', by: 'end' }, reason: 'bad_answer' },
    { what: 'lines that are not JSON', fault: { kind: 'line', text: '<html>' }, reason: 'bad_answer' },
    { what: 'lines that are no event', fault: { kind: 'line', text: '{"kind":"Thing"}' }, reason: 'bad_answer' },
    { what: 'events that say that the watch failed', fault: { kind: 'event', code: 500 }, reason: 'server_error' },
    { what: 'silence', fault: { kind: 'silence' }, reason: 'timeout' },
  ])('survives $what: says nothing of the first, tells of more, and goes on', async ({ fault, reason }) => {
    const api = await startApi();
    api.put('one', 'first');
    const seen = followed(api);
    await until(() => seen.current);
    api.fail('watch', fault);
    const before = api.count('watch');
    await until(() => api.count('watch') === before + 3);
    expect(seen.problems).toEqual([]);
    api.fail('watch', fault, fault, fault, fault);
    api.put('one', 'second');
    await until(() => seen.problems.length > 0 && seen.current);
    expect(new Set(seen.problems.map((problem) => problem.reason))).toEqual(new Set([reason]));
    expect(seen.content).toEqual(api.content);
  });

  test('does not read everything in a loop when every place has expired at once', async () => {
    const api = await startApi();
    api.fail('watch', ...Array.from({ length: 50 }, () => ({ kind: 'status', code: 410 }) as const));
    followed(api, undefined, { pause: 0.1, longest: 1 });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(api.count('page')).toBeLessThan(6);
  });

  test('goes on after a watch on which nothing comes any more', async () => {
    const api = await startApi();
    api.put('one', 'first');
    api.fail('watch', { kind: 'stall' });
    const seen = followed(api, undefined, { watch: 0.05, silence: 0.05 });
    await until(() => seen.current);
    api.put('two', 'second');
    await until(() => String(seen.content) === String(api.content));
    expect(api.count('watch')).toBeGreaterThan(1);
  });

  test('does not wait for the end of a watch that is not even answered, as where the address leads nowhere', async () => {
    const api = await startApi();
    api.put('one', 'first');
    api.fail('watch', { kind: 'silence' });
    const seen = followed(api, undefined, { watch: 600, silence: 0.05 });
    await until(() => seen.current);
    expect(seen.problems).toEqual([
      { reason: 'timeout', message: expect.stringContaining('nothing heard for 0.05 s') },
    ]);
  });

  test('waits as long as the server asks', async () => {
    const api = await startApi();
    api.fail('page', { kind: 'status', code: 429, retryAfter: '1' });
    const began = performance.now();
    const seen = followed(api, undefined, { longestAsked: 300 });
    await until(() => seen.current);
    expect(performance.now() - began).toBeGreaterThan(990);
  });

  test('does not obey a wait that would never end', async () => {
    const api = await startApi();
    api.fail('page', { kind: 'status', code: 429, retryAfter: '86400' });
    const seen = followed(api);
    await until(() => seen.current);
    expect(seen.problems.map(({ reason }) => reason)).toEqual(['rate_limited']);
  });

  test('waits longer and longer for a server that is not there', async () => {
    const api = await startApi();
    const seen = followed(api, undefined, { pause: 0.02, longest: 0.2 });
    await until(() => seen.current);
    await api.stop();
    await until(() => seen.problems.length > 0);
    const told = seen.problems.length;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(seen.problems.length - told).toBeLessThan(13);
    await api.start();
    api.put('one', 'first');
    await until(() => seen.current && seen.content.length === 1);
  });

  test('works with a server that sends no bookmarks', async () => {
    const api = await startApi();
    api.bookmarks = false;
    api.put('one', 'first');
    const seen = followed(api);
    await until(() => api.count('watch') > 3);
    api.put('one', 'second');
    await until(() => seen.content.includes('shop/one=second'));
    expect(seen.problems).toEqual([]);
  });

  test('uses the renewed token when the old one is refused', async () => {
    const api = await startApi();
    const seen = followed(api);
    await until(() => seen.current);
    api.token = 'second-token';
    api.breakWatches();
    api.put('one', 'first');
    await until(() => seen.content.length === 1);
    expect(seen.problems).toEqual([]);
  });

  test('ends at once when it is told to, in the middle of a watch and of a pause', async () => {
    const api = await startApi();
    const watching = followed(api);
    await until(() => watching.current);
    api.fail('page', { kind: 'status', code: 500 });
    const pausing = followed(api, undefined, { pause: 1000, longest: 1000 });
    await until(() => pausing.problems.length === 1);
    watching.stop.abort();
    pausing.stop.abort();
    await Promise.all([watching.ended, pausing.ended]);
  });
});

describe('following one object', () => {
  test('tells that it exists, changes, goes and comes back', async () => {
    const api = await startApi();
    api.put('one', 'first');
    api.put('other', 'first');
    const seen = followed(api, oneThing('one'));
    await until(() => seen.current);
    api.put('one', 'second');
    api.put('other', 'second');
    await until(() => seen.told.length === 2);
    api.delete('one');
    await until(() => seen.told.length === 3);
    api.put('one', 'third');
    await until(() => seen.told.length === 4);
    expect(seen.told).toEqual(['+shop/one', '+shop/one', '-shop/one', '+shop/one']);
    expect(seen.content).toEqual(['shop/one=third']);
  });

  test('asks for nothing but this object', async () => {
    const api = await startApi();
    const seen = followed(api, oneThing('one'));
    await until(() => seen.current && api.count('watch') > 1);
    const asked = new Set(api.requests.map(({ url }) => `${url.pathname} ${url.searchParams.get('fieldSelector')}`));
    expect([...asked].sort()).toEqual([
      '/api/v1/namespaces/shop/things metadata.name=one',
      '/api/v1/namespaces/shop/things/one null',
    ]);
  });

  test('is current about an object that does not exist, and tells it when it comes', async () => {
    const api = await startApi();
    const seen = followed(api, oneThing('one'));
    await until(() => seen.current);
    expect(seen.told).toEqual([]);
    api.put('one', 'first');
    await until(() => seen.content.length === 1);
  });

  test('notices that it was deleted while the server could not be reached', async () => {
    const api = await startApi();
    api.put('one', 'first');
    const seen = followed(api, oneThing('one'));
    await until(() => seen.current);
    await api.stop();
    api.delete('one');
    api.compact();
    await until(() => seen.problems.length > 0);
    expect(seen.content).toEqual(['shop/one=first']);
    await api.start();
    await until(() => seen.content.length === 0);
  });

  test('tells a missing verb get although the watch is allowed', async () => {
    const api = await startApi();
    api.fail('object', { kind: 'status', code: 403, body: 'cannot get resource "things"' });
    const seen = followed(api, oneThing('one'));
    await until(() => seen.current);
    const message = 'GET /api/v1/namespaces/shop/things/one: 403 cannot get resource "things"';
    expect(seen.problems).toEqual([{ reason: 'permission_denied', message }]);
  });
});

describe('whatever happens to objects and connections', () => {
  test.each([
    { what: 'a collection', resource: undefined, only: () => true },
    { what: 'one object', resource: oneThing('thing-1'), only: (line: string) => line.startsWith('shop/thing-1=') },
  ])('$what is known as it is in the end', async ({ resource, only }) => {
    const api = await startApi();
    const converges = async (steps: readonly Step[]) => {
      const seen = followed(api, resource, {}, 0.2);
      for (const step of steps) await take(api, step);
      await until(() => seen.current && String(seen.content) === String(api.content.filter(only)));
      seen.stop.abort();
    };
    await fc.assert(fc.asyncProperty(fc.array(steps, { minLength: 3, maxLength: 12 }), converges), { numRuns: 25 });
  });
});

/** Forgets what was before the change of one object, a new one and the end of another, while nobody watches. */
async function forget(api: FakeThingsApi): Promise<void> {
  await api.stop();
  api.put('one', 'second');
  api.put('five', 'first');
  api.delete('two');
  api.compact();
  await api.start();
}

type Step =
  | { readonly kind: 'put' | 'delete'; readonly name: string; readonly value: string }
  | { readonly kind: 'fault'; readonly request: 'page' | 'object' | 'watch'; readonly fault: Fault }
  | { readonly kind: 'break' | 'compact' | 'wait' };

const name = fc.constantFrom('thing-1', 'thing-2', 'thing-3', 'thing-4', 'thing-5');
const fault: fc.Arbitrary<Fault> = fc.constantFrom<Fault>(
  { kind: 'status', code: 410 },
  { kind: 'status', code: 429, retryAfter: '0' },
  { kind: 'status', code: 500 },
  { kind: 'event', code: 410 },
  { kind: 'event', code: 500 },
  { kind: 'line', text: '{"type":' },
  { kind: 'half', by: 'end' },
  { kind: 'half', by: 'break' },
  { kind: 'close' },
  { kind: 'reset' },
);
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('put' as const), name, value: fc.string({ maxLength: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), name, value: fc.constant('') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      request: fc.constantFrom('page', 'object', 'watch'),
      fault,
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('break', 'compact', 'wait') }) },
);

async function take(api: FakeThingsApi, step: Step): Promise<void> {
  if (step.kind === 'put') api.put(step.name, step.value);
  else if (step.kind === 'delete') api.delete(step.name);
  else if (step.kind === 'fault') api.fail(step.request, step.fault);
  else if (step.kind === 'break') api.breakWatches();
  else if (step.kind === 'compact') api.compact();
  else await new Promise((resolve) => setTimeout(resolve, 30));
}
