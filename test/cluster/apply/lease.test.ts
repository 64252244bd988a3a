import { afterAll, beforeAll, expect, test } from 'vitest';
import { replace } from '../../../provision/cluster/client/objects.ts';
import { acquireLease } from '../../../provision/cluster/lease/acquire.ts';
import { thisProcess } from '../../../provision/cluster/lease/holder.ts';
import type { LeaseObject } from '../../../provision/cluster/lease/types.ts';
import { kubectl, kubectlJson } from '../support/kubectl.ts';
import { startApply } from './process.ts';
import { type CountingProxy, countingProxy } from './proxy.ts';
import { applyAll, clusterOfTests, configMap, namespaceOfTest } from './support.ts';

const cluster = clusterOfTests();
let proxy: CountingProxy;
beforeAll(async () => {
  proxy = await countingProxy();
});
afterAll(() => proxy.close());

const lease = (namespace: string) =>
  kubectlJson<LeaseObject>('get', 'lease', 'lookout-shop', `--namespace=${namespace}`);

/** A lease that a run on another machine holds, for so many seconds. */
async function heldElsewhere(namespace: string, seconds: number): Promise<LeaseObject> {
  await applyAll(cluster, namespace, []);
  const present = lease(namespace);
  const elsewhere = { pid: 1, startTicks: '1', boot: 'another boot', pids: 'pid:[1]' };
  return replace<LeaseObject>(cluster, {
    ...present,
    metadata: { ...present.metadata, annotations: { 'lookout/process': JSON.stringify(elsewhere) } },
    spec: { ...present.spec, holderIdentity: 'ann@laptop process 1 abc', leaseDurationSeconds: seconds },
  });
}

test('of two applies at once the second is told who applies, and writes nothing', async () => {
  const namespace = namespaceOfTest();
  const objects = Array.from({ length: 60 }, (_, index) => configMap(namespace, `map-${index}`));
  let began = () => {};
  const writing = new Promise<void>((resolve) => {
    began = resolve;
  });
  proxy.watch(async (_count, moment, what) => {
    if (moment === 'before' && what.startsWith('PATCH') && !what.includes('dryRun')) {
      began();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  });
  const first = startApply(namespace, objects, proxy.kubeconfig);
  await writing;
  const { holderIdentity = '' } = lease(namespace).spec;
  await expect(applyAll(cluster, namespace, [configMap(namespace, 'other')])).rejects.toThrow(
    `${holderIdentity} is applying this stack since`,
  );
  const { output } = await first.ended;
  proxy.watch(() => {});
  expect(output.trim().split('\n').at(-1)).toBe('done');
  expect(kubectl(['get', 'configmap', 'other', `--namespace=${namespace}`, '--ignore-not-found'])).toBe('');
  expect(lease(namespace).spec.holderIdentity).toBe('');
});

test('a lease of another machine that is renewed is respected', async () => {
  const namespace = namespaceOfTest();
  const held = await heldElsewhere(namespace, 30);
  setTimeout(
    () => void replace(cluster, { ...held, metadata: { ...held.metadata, labels: { renewed: 'yes' } } }),
    1500,
  );
  await expect(applyAll(cluster, namespace, [configMap(namespace, 'a')])).rejects.toThrow(
    'ann@laptop process 1 abc is applying this stack since',
  );
});

test('a lease of another machine that is not renewed is taken over after its time', async () => {
  const namespace = namespaceOfTest();
  await heldElsewhere(namespace, 3);
  const { result, lines } = await applyAll(cluster, namespace, [configMap(namespace, 'a')]);
  expect(result.kind).toBe('done');
  expect(lines[0]).toMatch(/^ann@laptop process 1 abc has been applying since .*: seeing whether it is still alive$/);
});

test('who has lost the lease writes nothing more', async () => {
  const namespace = namespaceOfTest();
  let time = Date.now();
  const options = { namespace, name: 'lookout-shop', holder: thisProcess(process.pid), now: () => time };
  const held = await acquireLease(cluster, { ...options, signal: new AbortController().signal, report: () => {} });
  await held.require();
  const present = lease(namespace);
  await replace(cluster, { ...present, spec: { ...present.spec, holderIdentity: 'ann@laptop' } });
  time += 60_000;
  await expect(held.require()).rejects.toThrow('ann@laptop took over this apply: nothing more is written');
  await held.release();
  expect(lease(namespace).spec.holderIdentity).toBe('ann@laptop');
});
