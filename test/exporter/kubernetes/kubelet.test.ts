import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { until } from '../support/exporter.ts';
import { temporaryFolder } from '../support/folder.ts';
import { openssl } from '../support/openssl.ts';
import { at, exporterIn, startCluster } from './cluster.ts';
import type { FakeKubernetesApi } from './fake-kubernetes-api.ts';

const labels = { claim_namespace: 'shop', claim: 'uploads' };
const gibibyte = 1024 ** 3;

describe('a claim that a kubelet measures', () => {
  test('is shown with what was asked for, what it is bound to and what is in use', async () => {
    const api = await cluster({ csi: { driver: 'rbd.csi.ceph.com' } });
    measure(api, {
      capacityBytes: 2 * gibibyte - 5000,
      availableBytes: gibibyte,
      usedBytes: gibibyte - 5000,
      inodes: 100,
      inodesUsed: 7,
    });
    const { value } = await (await exporter(api)).scrape();
    const bound = { volume: 'pvc-1', storage_class: 'ceph', volume_type: 'csi', node: 'node-1' };
    expect(value('lookout_volume_info', { ...labels, ...bound })).toBe(1);
    expect(value('lookout_volume_requested_bytes', labels)).toBe(2 * gibibyte);
    const measured = { ...labels, method: 'kubelet', scope: 'volume' };
    expect(value('lookout_volume_used_bytes', measured)).toBe(gibibyte - 5000);
    expect(value('lookout_volume_available_bytes', measured)).toBe(gibibyte);
    expect(value('lookout_volume_capacity_bytes', measured)).toBe(2 * gibibyte - 5000);
    expect(value('lookout_volume_inodes', measured)).toBe(100);
    expect(value('lookout_volume_inodes_used', measured)).toBe(7);
    expect(value('lookout_volume_measured_timestamp_seconds', labels)).toBe(at('2026-11-20T12:00:00Z'));
    expect(value('lookout_volume_unmeasured', labels)).toBeUndefined();
  });

  test.each([
    { what: 'larger than what was bound', source: { local: { path: '/data' } }, capacityBytes: 900 * gibibyte },
    { what: 'of an NFS export', source: { nfs: { server: 'nas' } }, capacityBytes: gibibyte },
    { what: 'of a share that a driver mounts', source: { csi: { driver: 'nfs.csi.k8s.io' } }, capacityBytes: gibibyte },
  ])('whose figures are $what is not given figures of its own', async ({ source, capacityBytes }) => {
    const api = await cluster(source);
    measure(api, { capacityBytes, availableBytes: 1000, usedBytes: 2000 });
    const { value } = await (await exporter(api)).scrape();
    expect(value('lookout_volume_used_bytes', { ...labels, method: 'kubelet' })).toBe(2000);
    expect(value('lookout_volume_used_bytes', { ...labels, scope: 'filesystem' })).toBe(2000);
  });
});

describe('a file system that claims share', () => {
  const filesystem = (topic: string) => `lookout_filesystem_${topic}_bytes`;

  test.each([
    { what: 'NFS', source: { nfs: { server: 'nas', path: '/school' } }, path: 'nas:/school', node: '' },
    {
      what: 'a driver for NFS',
      source: { csi: { driver: 'nfs.csi.k8s.io', volumeAttributes: { server: 'nas', share: '/a' } } },
      path: 'nas:/a',
      node: '',
    },
    { what: 'a disk of a node', source: { local: { path: '/data' } }, path: '/data', node: 'node-1' },
  ])('of $what is shown once, with what they asked for together', async ({ source, path, node }) => {
    const api = await cluster(source);
    const capacity = { capacity: { storage: '2Gi' } };
    const spec = { volumeName: 'pvc-1', resources: { requests: { storage: '3Gi' } } };
    claims(api).put('archive', { spec, status: capacity });
    measure(api, { capacityBytes: 900 * gibibyte, availableBytes: 1000, usedBytes: 2000 }, ['uploads', 'archive']);
    const { value, samples } = await (
      await exporterIn(api, { kubelet: settings(api, ['uploads', 'archive']) })
    ).scrape();
    expect(samples.filter(({ name }) => name === filesystem('size'))).toHaveLength(1);
    expect(value(filesystem('size'), { path, node })).toBe(900 * gibibyte);
    expect(value(filesystem('available'), { path, node })).toBe(1000);
    expect(value(filesystem('claimed'), { path, node })).toBe(5 * gibibyte);
  });

  test('is not what a volume of its own is', async () => {
    const api = await cluster({ csi: { driver: 'rbd' } });
    measure(api, { capacityBytes: gibibyte, availableBytes: 1000, usedBytes: 2000 });
    expect((await (await exporter(api)).scrape()).value(filesystem('size'))).toBeUndefined();
  });
});

describe('a claim without figures says why', () => {
  test.each([
    { what: 'kubelets do not measure its kind', source: { hostPath: { path: '/' } }, reason: 'no_statistics', up: 1 },
    { what: 'nothing mounts it', source: { csi: { driver: 'rbd' } }, reason: 'not_mounted', up: 0 },
  ])('when $what', async ({ source, reason, up }) => {
    const api = await cluster(source);
    measure(api, undefined);
    const { value } = await (await exporter(api)).scrape();
    expect(value('lookout_volume_unmeasured', { ...labels, reason })).toBe(1);
    expect(value('lookout_volume_requested_bytes', labels)).toBe(2 * gibibyte);
    expect(value('lookout_volume_measured_timestamp_seconds', labels)).toBe(0);
    expect(value('lookout_source_up', { collector: 'kubelet', source: 'shop/uploads' })).toBe(up);
  });

  test('when it is not bound', async () => {
    const api = await cluster({});
    claims(api).put('uploads', { spec: {} });
    measure(api, undefined);
    const { value } = await (await exporter(api)).scrape();
    expect(value('lookout_volume_unmeasured', { ...labels, reason: 'not_bound' })).toBe(1);
  });

  test('when it does not exist', async () => {
    const api = await cluster({});
    claims(api).delete('uploads');
    measure(api, undefined);
    const { value } = await (await exporter(api)).scrape();
    expect(value('lookout_volume_unmeasured', { ...labels, reason: 'not_found' })).toBe(1);
  });

  test('when its kubelet refuses, in the words of the kubelet', async () => {
    const api = await cluster({ csi: { driver: 'rbd' } });
    const words = 'Forbidden (user=system:serviceaccount:a:b, verb=get, resource=nodes, subresource(s)=[stats])';
    api.refuse('/stats/summary', 403, words);
    const running = await exporter(api);
    const [source] = await running.explain();
    expect(source).toMatchObject({ reason: 'permission_denied', message: `GET /stats/summary: 403 ${words}` });
  });

  test('and keeps the time of its last figures when they are gone', async () => {
    const api = await cluster({ csi: { driver: 'rbd' } });
    measure(api, { capacityBytes: gibibyte, availableBytes: 1000, usedBytes: 2000 });
    const running = await exporter(api);
    measure(api, undefined);
    await until(async () => (await running.scrape()).value('lookout_volume_unmeasured', labels) === 1);
    const { value } = await running.scrape();
    expect(value('lookout_volume_measured_timestamp_seconds', labels)).toBe(at('2026-11-20T12:00:00Z'));
    expect(value('lookout_volume_used_bytes', labels)).toBeUndefined();
  });
});

test('a claim whose volume may not be read is measured, and the missing verb is told', async () => {
  const api = await cluster({ csi: { driver: 'rbd' } });
  measure(api, { capacityBytes: gibibyte, availableBytes: 1000, usedBytes: 2000 });
  api.refuse('/api/v1/persistentvolumes/pvc-1', 403, 'cannot get resource "persistentvolumes"');
  const running = await exporter(api);
  const { value } = await running.scrape();
  expect(value('lookout_volume_used_bytes', labels)).toBe(2000);
  expect(value('lookout_volume_unmeasured', labels)).toBeUndefined();
  const [source] = await running.explain();
  expect(source).toMatchObject({ reason: 'permission_denied', message: expect.stringContaining('persistentvolumes') });
});

test('the nodes are those that the API lists, unless they are named', async () => {
  const api = await cluster({ csi: { driver: 'rbd' } });
  measure(api, { capacityBytes: gibibyte, availableBytes: 1000, usedBytes: 2000 });
  const addresses = [
    { type: 'Hostname', address: 'nowhere.test' },
    { type: 'InternalIP', address: '127.0.0.1' },
  ];
  api.collection('/api/v1/nodes').put('listed', { status: { addresses } });
  const { value } = await (await exporter(api, null)).scrape();
  expect(value('lookout_volume_info', { ...labels, node: 'listed' })).toBe(1);
});

test('a kubelet is trusted by the authority that is declared for it, and by no other', async () => {
  const api = await cluster({ csi: { driver: 'rbd' } });
  measure(api, { capacityBytes: gibibyte, availableBytes: 1000, usedBytes: 2000 });
  const folder = temporaryFolder();
  const another = openssl(folder).selfSigned({ name: 'another', names: 'IP:127.0.0.1' }).certificate;
  const own = join(folder, 'kubelet.pem');
  writeFileSync(own, api.access.authority() ?? '');
  const kubelet = settings(api, ['uploads']);
  const trusted = await exporterIn(api, { kubelet: { ...kubelet, authority: own } });
  expect((await trusted.scrape()).value('lookout_volume_used_bytes', labels)).toBe(2000);
  const untrusted = await exporterIn(api, { kubelet: { ...kubelet, authority: another } });
  expect((await untrusted.scrape()).value('lookout_volume_unmeasured', { reason: 'handshake_failed' })).toBe(1);
});

test('several claims are asked for at once, each kubelet one time', async () => {
  const api = await cluster({ csi: { driver: 'rbd' } });
  measure(api, { capacityBytes: gibibyte, availableBytes: 1000, usedBytes: 2000 });
  for (const name of ['a', 'b', 'c']) claims(api).put(name, { spec: { volumeName: 'pvc-1' } });
  await exporterIn(api, { interval: 60, kubelet: settings(api, ['uploads', 'a', 'b', 'c']) });
  expect(api.requests.filter(({ url }) => url.pathname === '/stats/summary')).toHaveLength(1);
});

function claims(api: FakeKubernetesApi) {
  return api.collection('/api/v1/namespaces/shop/persistentvolumeclaims');
}

/** A claim of 2 GiB that is bound to a volume of that source. */
async function cluster(source: object): Promise<FakeKubernetesApi> {
  const api = await startCluster();
  const spec = { volumeName: 'pvc-1', storageClassName: 'ceph', resources: { requests: { storage: '2Gi' } } };
  claims(api).put('uploads', { spec, status: { phase: 'Bound', capacity: { storage: '2Gi' } } });
  api
    .collection('/api/v1/persistentvolumes')
    .put('pvc-1', { spec: { accessModes: ['ReadWriteOnce'], claimRef: {}, ...source } });
  return api;
}

/** The fake serves the kubelet's path too. */
function measure(api: FakeKubernetesApi, figures: object | undefined, names: readonly string[] = ['uploads']): void {
  const other = {
    pvcRef: { name: 'uploads', namespace: 'elsewhere' },
    time: '2026-11-20T13:00:00Z',
    capacityBytes: 1,
    availableBytes: 1,
    usedBytes: 1,
  };
  const time = '2026-11-20T12:00:00Z';
  const measured = names.map((name) => ({ name: 'data', time, pvcRef: { name, namespace: 'shop' }, ...figures }));
  api
    .collection('/stats')
    .put('summary', { pods: [{}, { volume: [other, { name: 'tmp' }, ...(figures === undefined ? [] : measured)] }] });
}

function settings(api: FakeKubernetesApi, names: readonly string[], nodes: 'named' | null = 'named') {
  return {
    claims: names.map((name) => ({ namespace: 'shop', name })),
    port: api.port,
    authority: null,
    nodes: nodes === null ? null : [{ name: 'node-1', address: '127.0.0.1' }],
  };
}

async function exporter(api: FakeKubernetesApi, nodes: 'named' | null = 'named') {
  return await exporterIn(api, { kubelet: settings(api, ['uploads'], nodes) });
}
