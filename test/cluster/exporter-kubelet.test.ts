import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { until } from '../exporter/support/exporter.ts';
import { parseExposition } from '../support/exposition.ts';
import { serviceAccount, withdraw } from './support/access.ts';
import { installExporter, reach, startPod, valueIn } from './support/exporter.ts';
import { images } from './support/images.ts';
import { apply, kubectl, onOwnNode, temporaryNamespace } from './support/kubectl.ts';

const shop = temporaryNamespace();
const home = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
const account = { namespace: home, name: 'lookout-exporter-api' };
const mebibyte = 1024 ** 2;
/** On this machine, which is the node. */
const folder = join('/var/tmp', shop);

onOwnNode('claims as the kubelet measures them', () => {
  beforeAll(async () => {
    volume('mounted', 64);
    mountMemory('mounted', 64);
    volume('shared', 10);
    claims();
    grant();
    installExporter(home);
    const names = ['mounted', 'shared', 'provisioned', 'idle', 'missing'];
    const kubelet = {
      claims: names.map((name) => ({ namespace: shop, name })),
      port: 10250,
      authority: null,
      nodes: null,
    };
    startPod({ ...account, role: { serviceAccount: account.name }, config: { kubelet } });
  });

  afterAll(() => {
    withdraw(account);
    kubectl(['delete', 'pod', 'user', `--namespace=${shop}`, '--ignore-not-found']);
    kubectl(['delete', 'pv', `${shop}-mounted`, `${shop}-shared`, '--wait=false', '--ignore-not-found']);
    execFileSync('umount', ['--lazy', join(folder, 'mounted')]);
    rmSync(folder, { recursive: true });
  });

  test('a volume with a file system of its own has the figures of that file system', async () => {
    const exporter = await reach(home, account.name);
    writeFileSync(join(folder, 'mounted', 'file'), Buffer.alloc(7 * mebibyte));
    const { blocks, bfree, bsize, files } = statfsSync(join(folder, 'mounted'));
    const labels = { claim: 'mounted', method: 'kubelet', scope: 'volume' };
    await until(
      async () => (await exporter.scrape())('lookout_volume_used_bytes', labels) === (blocks - bfree) * bsize,
    );
    const value = await exporter.scrape();
    expect(value('lookout_volume_capacity_bytes', labels)).toBe(64 * mebibyte);
    expect(value('lookout_volume_available_bytes', labels)).toBe(bfree * bsize);
    expect(value('lookout_volume_inodes', labels)).toBe(files);
    const bound = {
      claim: 'mounted',
      volume: `${shop}-mounted`,
      volume_type: 'local',
      storage_class: '',
      node: 'node-1',
    };
    expect(value('lookout_volume_info', bound)).toBe(1);
    expect(value('lookout_volume_requested_bytes', { claim: 'mounted' })).toBe(64 * mebibyte);
    expect(value('lookout_source_up', { source: `${shop}/mounted` })).toBe(1);
  });

  test('the metrics of the kubelet itself, which rules fall back on, have these names and values', async () => {
    const value = await (await reach(home, account.name)).scrape();
    const own = valueIn(parseExposition(kubectl(['get', '--raw=/api/v1/nodes/node-1/proxy/metrics'])));
    const labels = { namespace: shop, persistentvolumeclaim: 'mounted' };
    const { files } = statfsSync(join(folder, 'mounted'));
    expect(own('kubelet_volume_stats_capacity_bytes', labels)).toBe(64 * mebibyte);
    expect(own('kubelet_volume_stats_used_bytes', labels)).toBe(
      value('lookout_volume_used_bytes', { claim: 'mounted', method: 'kubelet' }),
    );
    expect(own('kubelet_volume_stats_inodes', labels)).toBe(files);
    expect(own('kubelet_volume_stats_inodes_used', labels)).toBe(
      value('lookout_volume_inodes_used', { claim: 'mounted', method: 'kubelet' }),
    );
  });

  test('a directory on a larger file system is not given figures of its own', async () => {
    const value = await (await reach(home, account.name)).scrape();
    expect(value('lookout_volume_capacity_bytes', { claim: 'shared', scope: 'filesystem' })).toBeGreaterThan(
      1024 * mebibyte,
    );
    expect(value('lookout_volume_used_bytes', { claim: 'shared', scope: 'volume' })).toBeUndefined();
    const place = { node: 'node-1', path: join(folder, 'shared') };
    expect(value('lookout_filesystem_size_bytes', place)).toBeGreaterThan(1024 * mebibyte);
    expect(value('lookout_filesystem_claimed_bytes', place)).toBe(10 * mebibyte);
  });

  test.each([
    { claim: 'provisioned', reason: 'no_statistics', up: 1 },
    { claim: 'idle', reason: 'not_bound', up: 0 },
    { claim: 'missing', reason: 'not_found', up: 0 },
  ])('the claim $claim says that it is not measured: $reason', async ({ claim, reason, up }) => {
    const value = await (await reach(home, account.name)).scrape();
    expect(value('lookout_volume_unmeasured', { claim, reason })).toBe(1);
    expect(value('lookout_source_up', { source: `${shop}/${claim}` })).toBe(up);
  });
});

/** A volume of that size in MiB that lies in a directory of the node. */
function volume(name: string, size: number): void {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  const hostname = { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] }] };
  const nodeAffinity = { required: { nodeSelectorTerms: [hostname] } };
  const claimRef = { namespace: shop, name };
  const spec = {
    capacity: { storage: `${size}Mi` },
    accessModes: ['ReadWriteOnce'],
    local: { path },
    claimRef,
    nodeAffinity,
  };
  apply({ kind: 'PersistentVolume', metadata: { name: `${shop}-${name}` }, spec });
  claim(name, size, { storageClassName: '', volumeName: `${shop}-${name}` });
}

function mountMemory(name: string, size: number): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m`, 'tmpfs', join(folder, name)]);
}

/** `idle` waits for a pod that uses it. */
function claims(): void {
  claim('provisioned', 16, {});
  claim('idle', 16, {});
  const used = ['mounted', 'shared', 'provisioned'];
  const container = {
    name: 'user',
    image: images().busybox,
    command: ['sleep', '1000000'],
    volumeMounts: used.map((name) => ({ name, mountPath: `/data/${name}` })),
  };
  const volumes = used.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }));
  const spec = { containers: [container], volumes, terminationGracePeriodSeconds: 0 };
  apply({ kind: 'Pod', metadata: { name: 'user', namespace: shop }, spec });
  kubectl(['wait', '--for=condition=Ready', 'pod/user', `--namespace=${shop}`, '--timeout=90s']);
}

function claim(name: string, size: number, more: object): void {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: `${size}Mi` } }, ...more };
  apply({ kind: 'PersistentVolumeClaim', metadata: { name, namespace: shop }, spec });
}

function grant(): void {
  const claimRule = { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['get'] };
  serviceAccount(account, [
    { namespace: shop, rules: [claimRule] },
    {
      namespace: null,
      rules: [
        { apiGroups: [''], resources: ['persistentvolumes'], verbs: ['get'] },
        { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
        { apiGroups: [''], resources: ['nodes/stats'], verbs: ['get'] },
      ],
    },
  ]);
}
