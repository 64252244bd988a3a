import { onTestFinished } from 'vitest';
import { apiClient } from '../../../exporter/kubernetes/client.ts';
import { follow, type Pace, usualPace } from '../../../exporter/kubernetes/follow.ts';
import type { ApiObject, Resource } from '../../../exporter/kubernetes/resource.ts';
import { problemOf } from '../../../exporter/model/failure.ts';
import { accessOf, serviceAccount } from './access.ts';
import { apply, kubectlJson } from './kubectl.ts';

interface Secret extends ApiObject {
  readonly data: Readonly<Record<string, string>>;
}

/** What was told of Secrets that are followed. */
export interface Followed {
  /** Keys, in order. */
  readonly told: readonly string[];
  readonly problems: readonly { readonly reason: string; readonly message: string }[];
  /** `name=certificate` of each. */
  readonly content: () => readonly string[];
  readonly current: () => boolean;
}

/** The TLS Secrets of a namespace, and the service accounts `all`, which may list them, and `one`, which may get that one. */
export function followedSecrets(namespace: string) {
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
  return {
    secrets,
    followed: (account: string, resource: Resource, pace: Partial<Pace> = {}, patience = 30) =>
      followed({ namespace, account, resource, pace, patience }),
    put: (names: readonly string[], value: string) => put(namespace, names, value),
    existing: () =>
      kubectlJson<{ items: readonly Secret[] }>('get', 'secrets', `--namespace=${namespace}`)
        .items.map(describeSecret)
        .sort(),
  };
}

function put(namespace: string, names: readonly string[], value: string): void {
  const data = { 'tls.crt': Buffer.from(value).toString('base64'), 'tls.key': '' };
  apply(...names.map((name) => ({ kind: 'Secret', type: 'kubernetes.io/tls', metadata: { name, namespace }, data })));
}

function describeSecret({ metadata, data }: Secret): string {
  return `${metadata.name}=${Buffer.from(data['tls.crt'] ?? '', 'base64')}`;
}

interface Following {
  readonly namespace: string;
  readonly account: string;
  readonly resource: Resource;
  readonly pace: Partial<Pace>;
  /** Seconds. */
  readonly patience: number;
}

/** Follows as this service account until the test ends, and keeps what was told. */
function followed({ namespace, account, resource, pace, patience }: Following): Followed {
  const objects = new Map<string, string>();
  const told: string[] = [];
  const problems: { readonly reason: string; readonly message: string }[] = [];
  const client = apiClient(accessOf(namespace, account), { userAgent: 'lookout-test', patience });
  const stop = new AbortController();
  let current = false;
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
    failed: (error: Error) => {
      current = false;
      problems.push(problemOf(error, 'follow'));
    },
  };
  onTestFinished(() => stop.abort());
  void follow(client, resource, follower, stop.signal, { ...usualPace, ...pace }).finally(client.close);
  return { told, problems, content: () => [...objects.values()].sort(), current: () => current };
}
