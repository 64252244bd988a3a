import { beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../exporter/support/exporter.ts';
import { temporaryNamespace } from '../support/kubectl.ts';
import { install, rolledOut, secretValue } from './install.ts';
import { queryValue, reachPod, targets } from './reach.ts';
import { stackIn } from './stacks.ts';

/** Host paths are refused elsewhere. */
const namespace = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'privileged' });
const plain = stackIn(namespace);
const none = { kind: 'none' } as const;
const stack = {
  ...plain,
  cluster: {
    ...plain.cluster!,
    components: {
      ...plain.cluster!.components,
      alertmanager: none,
      grafana: none,
      exporter: none,
      nodeExporter: { kind: 'install' } as const,
    },
  },
};

beforeAll(async () => {
  await install(stack);
  rolledOut(namespace, 'daemonset/lookout-node-exporter', 'statefulset/lookout-prometheus');
});

describe('node-exporter', () => {
  test('is scraped on every node and tells of its memory, processors and file systems', async () => {
    const prometheus = await reachPod(namespace, 'pod/lookout-prometheus-0', 9090);
    const password = secretValue('prometheus-password');
    await until(async () => (await targets(prometheus, password)).includes('node-exporter up'));
    const value = (query: string) => queryValue(prometheus, password, query);
    expect(await value('node_memory_MemTotal_bytes')).toBeGreaterThan(1024 ** 3);
    expect(await value('count(count by (cpu) (node_cpu_seconds_total))')).toBeGreaterThanOrEqual(1);
    expect(await value('max(node_filesystem_size_bytes{mountpoint="/"})')).toBeGreaterThan(1024 ** 3);
    const read = 'node_scrape_collector_success{collector=~"cpu|diskstats|filesystem|loadavg|meminfo|pressure|vmstat"}';
    expect(await value(`min(${read})`)).toBe(1);
  });
});
