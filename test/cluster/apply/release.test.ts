import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { planRelease, releaseStack } from '../../../provision/cluster/apply/release.ts';
import type { Cluster, LiveObject } from '../../../provision/cluster/client/types.ts';
import { readInventory } from '../../../provision/cluster/inventory/store.ts';
import { thisProcess } from '../../../provision/cluster/lease/holder.ts';
import { temporaryFolder } from '../../exporter/support/folder.ts';
import { lookout } from '../../support/lookout.ts';

import { kubectl, kubectlJson } from '../support/kubectl.ts';
import { actions, applyAll, clusterOfTests, configMap, namespaceOfTest, placeOf, secret, workload } from './support.ts';

const cluster = clusterOfTests();

const objectsIn = (namespace: string): readonly KubernetesObject[] => [
  configMap(namespace, 'rules'),
  configMap(namespace, 'taken'),
  secret(namespace, 'password', 'hidden'),
  workload('Deployment', namespace, 'web', {}, { replicas: 1 }),
];

function optionsIn(namespace: string, signal = new AbortController().signal) {
  return { place: placeOf(namespace), holder: thisProcess(process.pid), now: Date.now, signal };
}

function live(namespace: string, kind: string, name: string): LiveObject {
  return kubectlJson<LiveObject>('get', kind, name, `--namespace=${namespace}`, '--show-managed-fields');
}

const managers = ({ metadata }: LiveObject) => (metadata.managedFields ?? []).map(({ manager }) => manager);

describe('a stack that is let go', () => {
  test('goes on as it is, without a mark of ours, and others keep theirs', async () => {
    const namespace = namespaceOfTest();
    await applyAll(cluster, namespace, objectsIn(namespace));
    kubectl(['label', 'configmap/rules', 'team=shop', `--namespace=${namespace}`]);
    kubectl(['label', 'configmap/taken', 'applyset.kubernetes.io/part-of-', `--namespace=${namespace}`]);
    const before = live(namespace, 'deployment', 'web');

    const fates = await releaseStack(cluster, optionsIn(namespace));
    expect(fates.map(({ reference, reason }) => [reference.name, reason === ''])).toEqual(
      expect.arrayContaining([
        ['rules', true],
        ['taken', false],
        ['password', true],
        ['web', true],
      ]),
    );
    const after = live(namespace, 'deployment', 'web');
    expect(after.metadata).toMatchObject({ uid: before.metadata.uid, generation: before.metadata.generation });
    expect(after['status']).toMatchObject({ readyReplicas: 1 });
    for (const [kind, name] of [
      ['deployment', 'web'],
      ['configmap', 'rules'],
      ['secret', 'password'],
    ] as const) {
      const { metadata } = live(namespace, kind, name);
      expect(Object.keys(metadata.labels ?? {})).not.toContain('applyset.kubernetes.io/part-of');
      expect(Object.values(metadata.labels ?? {})).not.toContain('lookout');
      expect(managers(live(namespace, kind, name))).not.toContain('lookout');
    }
    const rules = live(namespace, 'configmap', 'rules');
    expect([rules.metadata.labels?.['team'], managers(rules)]).toEqual([
      'shop',
      ['before-first-apply', 'kubectl-label'],
    ]);
    expect(managers(after)).toEqual(['before-first-apply', 'kube-controller-manager']);
    expect((await readInventory(cluster, placeOf(namespace))).resourceVersion).toBeUndefined();
    expect(kubectl(['get', 'lease', `--namespace=${namespace}`, '--output=name'])).toBe('');
  });

  test('is let go whole by the next run when one was stopped in between', async () => {
    const namespace = namespaceOfTest();
    // More than are let go at once.
    const objects = Array.from({ length: 40 }, (_, index) => configMap(namespace, `rules-${index}`));
    await applyAll(cluster, namespace, objects);
    const stop = new AbortController();
    await expect(releaseStack(stopsAfterPatch(stop), optionsIn(namespace, stop.signal))).rejects.toThrow();
    const inventory = await readInventory(cluster, placeOf(namespace));
    expect(inventory.entries.length).toBe(objects.length);
    await releaseStack(cluster, optionsIn(namespace));
    const { items } = kubectlJson<{ items: readonly LiveObject[] }>(
      'get',
      'configmap',
      `--namespace=${namespace}`,
      '--show-managed-fields',
    );
    expect(items.length).toBeGreaterThanOrEqual(objects.length);
    expect(items.flatMap(managers)).not.toContain('lookout');
    expect((await readInventory(cluster, placeOf(namespace))).resourceVersion).toBeUndefined();
  });

  test('is taken up again by the same apply, without anything being made anew', async () => {
    const namespace = namespaceOfTest();
    await applyAll(cluster, namespace, objectsIn(namespace));
    const { uid } = live(namespace, 'deployment', 'web').metadata;
    await releaseStack(cluster, optionsIn(namespace));
    const { result, plan } = await applyAll(cluster, namespace, objectsIn(namespace));
    expect(result.kind).toBe('done');
    expect(actions(plan).filter((action) => !action.startsWith('update'))).toEqual([]);
    expect(live(namespace, 'deployment', 'web').metadata.uid).toBe(uid);
    expect(await planRelease(cluster, await readInventory(cluster, placeOf(namespace)))).toHaveLength(4);
  });
});

/** The cluster for a person who stops as soon as the first object was let go. */
function stopsAfterPatch(stop: AbortController): Cluster {
  return {
    ...cluster,
    send: async (request) => {
      const answer = await cluster.send(request);
      if (request.contentType === 'application/json-patch+json') stop.abort();
      return answer;
    },
  };
}

test('lookout release shows what it would let go of, and does it with --yes', { timeout: 120_000 }, async () => {
  const namespace = namespaceOfTest();
  const home = join(temporaryFolder(), 'shop');
  mkdirSync(home);
  const text = `platform: kubernetes
namespace: shop
cluster: { context: ${inject('cluster').context}, namespace: ${namespace}, access: namespace }
components: { prometheus: none, alertmanager: none, grafana: none }
certificates: { endpoints: [{ name: shop, address: "shop.example:443" }] }
`;
  writeFileSync(join(home, 'environment.yaml'), text);
  const run = (...argv: readonly string[]) => lookout(argv, home, { KUBECONFIG: inject('cluster').kubeconfig });
  expect((await run('apply', home)).code).toBe(0);
  const asked = await run('release', home);
  expect([asked.code, asked.printed.join('\n')]).toEqual([
    2,
    expect.stringMatching(
      /would let go of Deployment .*: kubectl delete deployment\.apps lookout-exporter --namespace/,
    ),
  ]);
  const done = await run('release', home, '--yes');
  expect([done.code, done.reported.join('\n')]).toEqual([
    0,
    expect.stringMatching(/shop: \d+ objects go on as they are/),
  ]);
  expect(kubectl(['get', 'pods', `--namespace=${namespace}`, '--output=name'])).toMatch(
    /^pod\/lookout-exporter-\S+\n$/,
  );
  expect(await run('release', home, '--yes')).toMatchObject({
    code: 1,
    reported: [expect.stringContaining('nothing of it is known')],
  });
  writeFileSync(join(home, 'environment.yaml'), text.replace('shop.example:443', 'shop.example:8443'));
  const again = await run('apply', home, '--adopt');
  expect(again.code, again.reported.join('\n')).toBe(0);
  const { data } = kubectlJson<{ data: Readonly<Record<string, string>> }>(
    'get',
    'configmap/lookout-exporter',
    `--namespace=${namespace}`,
  );
  expect(data['exporter.json']).toContain('8443');
  expect((await run('plan', home)).code).toBe(0);
});
