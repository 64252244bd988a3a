import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { image } from '../../../k8s/images.ts';
import type { ClusterSettings, Stack } from '../../../stack/types.ts';
import { until } from '../../exporter/support/exporter.ts';
import { kubectl, temporaryNamespace } from '../support/kubectl.ts';
import { node } from '../support/node.ts';
import { install, rolledOut, secretValue } from './install.ts';
import { queryValue, reachPod, targets } from './reach.ts';
import { stackIn } from './stacks.ts';

const restricted = { 'pod-security.kubernetes.io/enforce': 'restricted' };
const pinned = image('kubeStateMetrics', stackIn('any'), stackIn('any').cluster!);

/**
 * The cluster of the tests pulls nothing. To have these tests there, build the module k8s.io/kube-state-metrics/v2 of the pinned
 * version and give it the program: `cluster load <image> <program>`.
 */
const missing = inject('cluster').own && !node('ctr', 'images', 'list', '-q').split('\n').includes(pinned);

if (missing) test.skip(`kube-state-metrics: ${pinned} is not on the node of the tests`);
else run();

function run(): void {
  const access = { whole: temporaryNamespace(restricted), one: temporaryNamespace(restricted) };

  beforeAll(async () => {
    await install(stackWith(access.whole, 'cluster'));
    await install(stackWith(access.one, 'namespace'));
    for (const namespace of Object.values(access))
      rolledOut(namespace, 'deployment/lookout-kube-state-metrics', 'statefulset/lookout-prometheus');
  });

  afterAll(() => {
    const name = `${access.whole}-lookout-kube-state-metrics`;
    kubectl(['delete', 'clusterrole,clusterrolebinding', name, '--ignore-not-found']);
  });

  test('kube-state-metrics tells of all namespaces, each object under its own', async () => {
    const value = await scraped(access.whole);
    expect(await value(`kube_statefulset_replicas{namespace="${access.whole}",job="kube-state-metrics"}`)).toBe(1);
    expect(await value('kube_deployment_status_replicas_available{namespace="kube-system",deployment="coredns"}')).toBe(
      1,
    );
    expect(await value('count(kube_node_info)')).toBe(1);
  });

  test('with rights in the namespace only kube-state-metrics tells of that', async () => {
    const value = await scraped(access.one);
    expect(await value(`kube_statefulset_replicas{namespace="${access.one}"}`)).toBe(1);
    expect(await value('count(kube_deployment_created{namespace="kube-system"})')).toBeNaN();
    expect(await value('count(kube_node_info)')).toBeNaN();
  });

  test('kube-state-metrics has every right that it asks for', () => {
    for (const namespace of Object.values(access)) {
      const log = kubectl(['logs', 'deployment/lookout-kube-state-metrics', `--namespace=${namespace}`]);
      expect(log).toContain('Starting kube-state-metrics');
      expect(log).not.toContain('forbidden');
    }
  });
}

function stackWith(namespace: string, access: ClusterSettings['access']): Stack {
  const plain = stackIn(namespace);
  const none = { kind: 'none' } as const;
  const install = { kind: 'install' } as const;
  const others = { alertmanager: none, grafana: none, exporter: none, kubeStateMetrics: install };
  return {
    ...plain,
    name: `cluster-test-${access}`,
    cluster: { ...plain.cluster!, access, components: { ...plain.cluster!.components, ...others } },
  };
}

async function scraped(namespace: string): Promise<(query: string) => Promise<number>> {
  const prometheus = await reachPod(namespace, 'pod/lookout-prometheus-0', 9090);
  const password = secretValue('prometheus-password');
  await until(async () => (await targets(prometheus, password)).includes('kube-state-metrics up'));
  return (query) => queryValue(prometheus, password, query);
}
