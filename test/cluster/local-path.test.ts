import { dirname } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { until } from '../exporter/support/exporter.ts';
import { directoryOf } from './support/claims.ts';
import { installExporter, reach, startPod } from './support/exporter.ts';
import { images } from './support/images.ts';
import { apply, kubectl, kubectlJson, temporaryNamespace } from './support/kubectl.ts';

/** The platform, and the namespace of the exporter, which must admit host paths. */
const shop = temporaryNamespace();
const home = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'privileged' });
const name = 'lookout-exporter-node';
const claim = { claim_namespace: shop, claim: 'uploads' };
const mebibyte = 1024 ** 2;

beforeAll(async () => {
  provision();
  const root = dirname(directoryOf('uploads', shop));
  const { spec } = kubectlJson<{ spec: { nodeName: string } }>('get', 'pod', 'writer', `--namespace=${shop}`);
  installExporter(home);
  startPod({
    namespace: home,
    name,
    role: { directories: [root], nodeName: spec.nodeName },
    config: {
      localPathClaims: ['uploads', 'elsewhere'].map((each) => ({
        name: each,
        namespace: shop,
        root,
        requested: 64 * mebibyte,
      })),
    },
  });
});

describe('claims of a real local-path provisioner, found below its directory without the API', () => {
  test('one has in use what its own pod counts, and names its volume', async () => {
    const exporter = await reach(home, name);
    const used = async () => (await exporter.scrape())('lookout_volume_used_bytes', { ...claim, method: 'walk' });
    await until(async () => (await used()) === diskUsage());
    expect(await used()).toBeGreaterThan(3 * mebibyte);
    const { spec } = kubectlJson<{ spec: { volumeName: string } }>('get', 'pvc', 'uploads', `--namespace=${shop}`);
    const value = await exporter.scrape();
    expect(value('lookout_volume_info', { ...claim, volume: spec.volumeName, volume_type: 'local-path' })).toBe(1);
    expect(value('lookout_filesystem_claimed_bytes')).toBe(64 * mebibyte);
    expect(value('lookout_volume_unmeasured', claim)).toBeUndefined();
  });

  test('one that has no directory on this node says so, and is no error', async () => {
    const value = await (await reach(home, name)).scrape();
    const reason = 'not_on_this_node';
    expect(value('lookout_volume_unmeasured', { claim_namespace: shop, claim: 'elsewhere', reason })).toBe(1);
    expect(value('lookout_source_up', { collector: 'volumes', source: 'elsewhere' })).toBe(1);
  });

  test('one that is deleted is let go', async () => {
    const exporter = await reach(home, name);
    kubectl(['delete', 'pod', 'writer', `--namespace=${shop}`, '--wait']);
    kubectl(['delete', 'pvc', 'uploads', `--namespace=${shop}`, '--wait']);
    const reason = 'not_on_this_node';
    await until(async () => (await exporter.scrape())('lookout_volume_unmeasured', { ...claim, reason }) === 1);
    expect((await exporter.scrape())('lookout_volume_used_bytes', claim)).toBeUndefined();
  });
});

/** A bound claim with 3 MiB in it, of another user. */
function provision(): void {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } };
  apply({ kind: 'PersistentVolumeClaim', metadata: { name: 'uploads', namespace: shop }, spec });
  const script =
    'mkdir -p /data/private && dd if=/dev/urandom of=/data/private/photo bs=1M count=3 && chown -R 999 /data/private && chmod 700 /data/private && touch /ready && sleep 1000000';
  const container = {
    name: 'writer',
    image: images().busybox,
    command: ['sh', '-c', script],
    readinessProbe: { exec: { command: ['test', '-e', '/ready'] }, periodSeconds: 1 },
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'uploads' } }];
  const pod = { containers: [container], volumes, terminationGracePeriodSeconds: 0 };
  apply({ kind: 'Pod', metadata: { name: 'writer', namespace: shop }, spec: pod });
  kubectl(['wait', '--for=condition=Ready', 'pod/writer', `--namespace=${shop}`, '--timeout=90s']);
}

/** Bytes of the claim as its own pod's `du` counts them. */
function diskUsage(): number {
  const printed = kubectl(['exec', 'writer', `--namespace=${shop}`, '--', 'du', '-s', '-k', '/data']);
  return Number.parseInt(printed, 10) * 1024;
}
