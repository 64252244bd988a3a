import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { type Rule, serviceAccount } from '../support/access.ts';
import { kubectl, kubectlJson } from '../support/kubectl.ts';
import { applyAll, clusterOfTests, configMap, namespaceOfTest, secret, workload } from './support.ts';

/** Everything that an apply of these objects asks for, each verb alone. */
const needed: Readonly<Record<string, readonly [group: string, verbs: readonly string[]]>> = {
  configmaps: ['', ['get', 'list', 'create', 'patch', 'update', 'delete']],
  secrets: ['', ['get', 'create', 'patch']],
  deployments: ['apps', ['get', 'create', 'patch']],
};
const useful: readonly Rule[] = [
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
  { apiGroups: [''], resources: ['pods', 'events', 'persistentvolumeclaims'], verbs: ['list'] },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list'] },
];

interface KubeConfig {
  readonly clusters: readonly object[];
}

/** A kubeconfig of a service account of its own that may do what these rules say. */
function clusterAs(namespace: string, rules: readonly Rule[]) {
  serviceAccount({ namespace, name: 'deployer' }, [{ namespace, rules }]);
  const { context } = inject('cluster');
  const { clusters } = kubectlJson<KubeConfig>('config', 'view', '--raw', '--minify', `--context=${context}`);
  const [cluster] = clusters;
  const token = kubectl(['create', 'token', 'deployer', `--namespace=${namespace}`]).trim();
  const folder = mkdtempSync(join(tmpdir(), 'lookout-rights-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'kubeconfig');
  const config = {
    clusters: [{ ...cluster, name: 'there' }],
    users: [{ name: 'deployer', user: { token } }],
    contexts: [{ name: context, context: { cluster: 'there', user: 'deployer' } }],
  };
  writeFileSync(file, JSON.stringify(config));
  return clusterOfTests([], file);
}

function rulesWithout(resource: string, verb: string): readonly Rule[] {
  const rules = Object.entries(needed).map(([name, [group, verbs]]) => ({
    apiGroups: [group],
    resources: [name],
    verbs: verbs.filter((one) => name !== resource || one !== verb),
  }));
  return [...rules, ...useful];
}

function objects(namespace: string): readonly KubernetesObject[] {
  return [
    ...['a', 'b', 'c'].map((name) => configMap(namespace, name)),
    secret(namespace, 'login', 'canary'),
    workload('Deployment', namespace, 'web', {}, { replicas: 0 }),
  ];
}

/** Two applies, so that something is created, changed, listed and deleted; what the person reads of both. */
async function attempt(namespace: string, rules: readonly Rule[]) {
  const cluster = clusterAs(namespace, rules);
  try {
    const first = await applyAll(cluster, namespace, objects(namespace));
    const second = await applyAll(cluster, namespace, objects(namespace).slice(1));
    return { kinds: [first.result.kind, second.result.kind], text: [...first.lines, ...second.lines].join('\n') };
  } catch (error) {
    return { kinds: ['failed'], text: String(error) };
  }
}

test('an apply needs no more rights than these, and none in the whole cluster', async () => {
  const namespace = namespaceOfTest();
  const { kinds, text } = await attempt(namespace, rulesWithout('', ''));
  expect(kinds, text).toEqual(['done', 'done']);
  expect(text).not.toContain('RBAC');
});

describe.each(Object.entries(needed))('without a right on %s', (resource, [group, verbs]) => {
  const full = group === '' ? resource : `${resource}.${group}`;
  test.each(verbs)('to %s it, that right is named', async (verb) => {
    const namespace = namespaceOfTest();
    const { text } = await attempt(namespace, rulesWithout(resource, verb));
    expect(text).toContain(`RBAC gives no right to ${verb} ${full} in namespace ${namespace}`);
    expect(text).not.toMatch(/canary|Y2FuYXJ5/);
  });
});

test('without a right to leases an apply goes on, and says so', async () => {
  const namespace = namespaceOfTest();
  const rules = rulesWithout('', '').filter(({ resources }) => !resources.includes('leases'));
  const { kinds, text } = await attempt(namespace, rules);
  expect(kinds).toEqual(['done', 'done']);
  expect(text).toContain(
    `RBAC gives no right to get leases.coordination.k8s.io in namespace ${namespace}: two applies at once`,
  );
});
