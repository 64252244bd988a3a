import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApply } from '../apply/process.ts';
import { type CountingProxy, countingProxy } from '../apply/proxy.ts';
import { actions, applyAll, clusterOfTests, configMap, namespaceOfTest } from '../apply/support.ts';
import { kubectl, onOwnNode } from '../support/kubectl.ts';
import { withoutApi } from '../support/outage.ts';

const cluster = clusterOfTests();
let proxy: CountingProxy;
beforeAll(async () => {
  proxy = await countingProxy();
});
afterAll(() => proxy.close());

const seconds = 20;

onOwnNode('API server away during an apply', () => {
  test(`an apply outlives ${seconds} s without the API server, and says what it waits for`, {
    timeout: 300_000,
  }, async () => {
    const namespace = namespaceOfTest();
    const objects = Array.from({ length: 80 }, (_, index) => configMap(namespace, `map-${index}`));
    let middle = () => {};
    const reached = new Promise<void>((resolve) => {
      middle = resolve;
    });
    let written = 0;
    proxy.watch(async (_count, moment, what) => {
      if (moment !== 'before' || !what.startsWith('PATCH') || what.includes('dryRun')) return;
      written += 1;
      if (written === 40) middle();
      if (written > 30) await sleep(200);
    });
    const running = startApply(namespace, objects, proxy.kubeconfig);
    await reached;
    await withoutApi(() => sleep(seconds * 1000));
    const { output } = await running.ended;
    expect(output).toContain('is away');
    expect(output).toContain('the API server is back');
    expect(output.trim().split('\n').at(-1)).toBe('done');
    expect(actions((await applyAll(cluster, namespace, objects)).plan)).toEqual([]);
    expect(
      kubectl(['get', 'configmap', `--namespace=${namespace}`, '--output=name'])
        .trim()
        .split('\n'),
    ).toHaveLength(82);
  });
});
