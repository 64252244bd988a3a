import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { until } from '../exporter/support/exporter.ts';
import { followedSecrets } from './support/followed.ts';
import { kubectl, temporaryNamespace } from './support/kubectl.ts';

const namespace = temporaryNamespace();
const { secrets, followed, put, existing } = followedSecrets(namespace);

describe('following the Secrets of a real API server', () => {
  test('many of them are told in pages, and each change', async () => {
    put(numbered(320), 'first');
    const seen = followed('all', secrets);
    await until(() => seen.current());
    expect(seen.content()).toEqual(existing());
    expect(seen.content()).toHaveLength(320);
    put(numbered(20), 'second');
    kubectl(['delete', 'secret', `--namespace=${namespace}`, ...numbered(40).slice(30)]);
    put(['late-1', 'late-2'], 'first');
    await until(() => String(seen.content()) === String(existing()));
    expect(seen.told).toHaveLength(320 + 20 + 10 + 2);
    expect(seen.problems).toEqual([]);
  });

  test('a watch that the server ends is gone on with, without reading everything again', async () => {
    put(['short'], 'first');
    const seen = followed('all', secrets, { watch: 2 });
    await until(() => seen.current());
    const before = seen.told.length;
    for (let turn = 0; turn < 6; turn++) {
      put(['short'], `turn-${turn}`);
      await sleep(1000);
    }
    await until(() => seen.content().includes('short=turn-5'));
    expect(seen.told.length).toBe(before + 6);
    expect(seen.problems).toEqual([]);
  });

  test('one of them is followed with get and watch of this name alone, from before it exists', async () => {
    const seen = followed('one', { ...secrets, name: 'one' });
    await until(() => seen.current());
    expect(seen.content()).toEqual([]);
    put(['one', 'another'], 'first');
    await until(() => seen.content().length === 1);
    put(['one'], 'second');
    await until(() => seen.content().includes('one=second'));
    kubectl(['delete', 'secret', 'one', `--namespace=${namespace}`]);
    await until(() => seen.content().length === 0);
    expect(seen.problems).toEqual([]);
  });

  test('without the right the server says which verb is missing', async () => {
    const seen = followed('one', secrets);
    await until(() => seen.problems.length > 0);
    const user = `User "system:serviceaccount:${namespace}:one"`;
    const message = expect.stringContaining(`${user} cannot list resource "secrets" in API group "" in the namespace`);
    expect(seen.problems[0]).toEqual({ reason: 'permission_denied', message });
  });
});

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => `secret-${String(number).padStart(3, '0')}`);
}
