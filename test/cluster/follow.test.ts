import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { apiClient } from '../../exporter/kubernetes/client.ts';
import { follow, type Pace, usualPace } from '../../exporter/kubernetes/follow.ts';
import type { ApiObject, Resource } from '../../exporter/kubernetes/resource.ts';
import { problemOf } from '../../exporter/model/failure.ts';
import { until } from '../exporter/support/exporter.ts';
import { accessOf, serviceAccount } from './support/access.ts';
import { apply, kubectl, kubectlJson, node, onOwnNode, temporaryNamespace } from './support/kubectl.ts';
import { withoutApi } from './support/outage.ts';

const namespace = temporaryNamespace();
const everySecret = { apiGroups: [''], resources: ['secrets'] };
serviceAccount({ namespace, name: 'all' }, [{ namespace, rules: [{ ...everySecret, verbs: ['list', 'watch'] }] }]);
serviceAccount({ namespace, name: 'one' }, [
  { namespace, rules: [{ ...everySecret, resourceNames: ['one'], verbs: ['get', 'watch'] }] },
]);
const secrets: Resource = {
  api: '/api/v1',
  resource: 'secrets',
  namespace,
  name: null,
  fieldSelector: 'type=kubernetes.io/tls',
};
const aborts: AbortController[] = [];
afterEach(() => {
  for (const stop of aborts.splice(0)) stop.abort();
});

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

onOwnNode('when the API server', () => {
  test('is gone for a minute, what is known stays, and what has changed is told after it', {
    timeout: 400_000,
  }, async () => {
    put(['gone', 'stays'], 'first');
    const seen = followed('all', secrets, { longest: 5 });
    const one = followed('one', { ...secrets, name: 'one' }, { longest: 5 });
    await until(() => seen.current() && one.current());
    const before = seen.content();
    await withoutApi(async () => {
      await until(() => !seen.current() && !one.current());
      await sleep(60_000);
      expect(seen.content()).toEqual(before);
      expect(seen.problems.at(-1)?.reason).toMatch(/connection_re(fused|set)/);
    });
    kubectl(['delete', 'secret', 'gone', `--namespace=${namespace}`]);
    put(['stays', 'one'], 'second');
    await until(() => seen.current() && one.current() && one.content().length === 1);
    await until(() => String(seen.content()) === String(existing()));
    expect(seen.content()).toContain('stays=second');
  });

  test('hangs, the silence is noticed, and following goes on when it goes on', async () => {
    put(['hung'], 'first');
    const seen = followed('all', secrets, { watch: 5, silence: 3, longest: 2 }, 5);
    await until(() => seen.current());
    node('signal', 'kube-apiserver', 'STOP');
    try {
      await until(() => !seen.current());
    } finally {
      node('signal', 'kube-apiserver', 'CONT');
    }
    expect(seen.problems[0]?.reason).toBe('timeout');
    put(['hung'], 'second');
    await until(() => seen.current() && seen.content().includes('hung=second'));
  });
});

interface Secret extends ApiObject {
  readonly data: Readonly<Record<string, string>>;
}

function put(names: readonly string[], value: string): void {
  const data = { 'tls.crt': Buffer.from(value).toString('base64'), 'tls.key': '' };
  apply(...names.map((name) => ({ kind: 'Secret', type: 'kubernetes.io/tls', metadata: { name, namespace }, data })));
}

function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => `secret-${String(number).padStart(3, '0')}`);
}

function existing(): readonly string[] {
  const { items } = kubectlJson<{ items: readonly Secret[] }>('get', 'secrets', `--namespace=${namespace}`);
  return items.map(describeSecret).sort();
}

function describeSecret({ metadata, data }: Secret): string {
  return `${metadata.name}=${Buffer.from(data['tls.crt'] ?? '', 'base64')}`;
}

/** Follows as this service account until the test ends, and keeps what was told. */
function followed(account: string, resource: Resource, pace: Partial<Pace> = {}, patience = 30) {
  const objects = new Map<string, string>();
  const told: string[] = [];
  const problems: { readonly reason: string; readonly message: string }[] = [];
  const client = apiClient(accessOf(namespace, account), { userAgent: 'lookout-test', patience });
  const stop = new AbortController();
  let current = false;
  const failed = (error: Error) => {
    current = false;
    problems.push(problemOf(error, 'follow'));
  };
  const follower = {
    upsert: (key: string, object: Secret) => {
      told.push(key);
      objects.set(key, describeSecret(object));
    },
    remove: (key: string) => {
      told.push(key);
      objects.delete(key);
    },
    current: () => {
      current = true;
    },
    failed,
  };
  aborts.push(stop);
  void follow(client, resource, follower, stop.signal, { ...usualPace, ...pace }).finally(client.close);
  return { told, problems, content: () => [...objects.values()].sort(), current: () => current };
}
