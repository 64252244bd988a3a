import { beforeAll, describe, expect, test } from 'vitest';
import { until } from '../exporter/support/exporter.ts';
import { directoryOf } from './support/claims.ts';
import { inPod, installExporter, reach, startPod, terminate, zombies } from './support/exporter.ts';
import { images } from './support/images.ts';
import { apply, kubectl, kubectlJson, temporaryNamespace } from './support/kubectl.ts';

/** The platform, and the namespace of the exporter, which must admit host paths. */
const shop = temporaryNamespace();
const home = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'privileged' });
const name = 'lookout-exporter-node';
const claim = { claim_namespace: shop, claim: 'uploads' };
const backup = { backup: 'shop-files' };
const mebibyte = 1024 ** 2;

/** Files as they are found in practice: of another user and closed to others, sparse, with two names, behind a link. */
const files = [
  'mkdir -p /data/private/deep && dd if=/dev/urandom of=/data/private/deep/photo bs=1M count=3',
  'dd if=/dev/zero of=/data/sparse bs=1 count=1 seek=100M',
  'ln /data/private/deep/photo /data/again && ln -s /data/private/deep/photo /data/link && ln -s / /data/everything',
  'chown -R 999:999 /data/private && chmod 700 /data/private',
].join(' && ');
const dump =
  'chown 999 /backups && chmod 700 /backups && echo a dump | gzip > /backups/shop_$(date -u +%Y%m%d_%H%M%S).gz';

beforeAll(async () => {
  const { directory, nodeName } = provision();
  cronJob('dump', dump, `${directory}/backups`, nodeName);
  installExporter(home);
  startPod({
    namespace: home,
    name,
    role: { directories: [directory], nodeName },
    config: {
      volumes: [{ name: 'uploads', namespace: shop, directory, requested: 64 * mebibyte }],
      backups: [
        {
          name: 'shop-files',
          directory: `${directory}/backups`,
          pattern: 'shop_%Y%m%d_%H%M%S.gz',
          engine: 'files',
          schedule: '* * * * *',
          timezone: 'UTC',
          clock: 'UTC',
          expectedInterval: null,
          grace: 30,
          settle: 1,
          retention: null,
          ignore: [],
        },
      ],
    },
  });
});

describe('a real claim of the local-path provisioner', () => {
  test('has in use what du says, also in directories that are closed to others', async () => {
    const exporter = await reach(home, name);
    const used = async () => (await exporter.scrape())('lookout_volume_used_bytes', { ...claim, method: 'walk' });
    await until(async () => (await used()) === diskUsage());
    expect(await used()).toBeGreaterThan(3 * mebibyte);
    expect(await used()).toBeLessThan(5 * mebibyte);
    const value = await exporter.scrape();
    expect(value('lookout_volume_requested_bytes', claim)).toBe(64 * mebibyte);
    expect(value('lookout_source_up', { collector: 'volumes', source: 'uploads' })).toBe(1);
  });

  test('is followed as it grows', async () => {
    const exporter = await reach(home, name);
    kubectl(['exec', 'writer', `--namespace=${shop}`, '--', 'sh', '-c', 'dd if=/dev/zero of=/data/more bs=1M count=5']);
    await until(async () => {
      const used = (await exporter.scrape())('lookout_volume_used_bytes', { ...claim, method: 'walk' });
      return used === diskUsage() && used > 8 * mebibyte;
    });
  });
});

describe('dumps that a real CronJob leaves on a host path', () => {
  test('are found and verified, though only their owner may read them', async () => {
    const exporter = await reach(home, name);
    await until(async () => (await exporter.scrape())('lookout_backup_last_complete_timestamp_seconds', backup) !== 0);
    const value = await exporter.scrape();
    expect(value('lookout_backup_artifacts', { ...backup, state: 'complete' })).toBeGreaterThanOrEqual(1);
    expect(value('lookout_backup_verified', { ...backup, check: 'gzip' })).toBe(1);
    expect(value('lookout_source_up', { collector: 'backups' })).toBe(1);
    const age = Date.now() / 1000 - (value('lookout_backup_last_complete_timestamp_seconds', backup) ?? 0);
    expect(age).toBeLessThan(180);
  });
});

describe('the pod', () => {
  test('has one capability and may not write', () => {
    const script = `
      const fs = require('node:fs');
      const write = () => { try { fs.writeFileSync(process.argv[1] + '/written', ''); return 'written'; } catch ({ code }) { return code; } };
      console.log(/CapEff:\\s*(\\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1], write());`;
    expect(inPod(home, name, script, directoryOf('uploads', shop))).toBe('0000000000000004 EROFS');
  });

  test('goes on reading when the ConfigMap of its bundle is written anew', async () => {
    const exporter = await reach(home, name);
    const bundle = kubectlJson<{ data: Record<string, string> }>(
      'get',
      'configmap',
      'lookout-bundle',
      `--namespace=${home}`,
    );
    const data = { 'exporter.mjs': `${bundle.data['exporter.mjs']}\n// another release` };
    apply({ kind: 'ConfigMap', metadata: { name: 'lookout-bundle', namespace: home }, data });
    const list =
      "console.log(require('node:fs').readFileSync('/app/exporter.mjs', 'utf8').endsWith('another release'))";
    await until(() => inPod(home, name, list) === 'true');
    kubectl([
      'exec',
      'writer',
      `--namespace=${shop}`,
      '--',
      'sh',
      '-c',
      'dd if=/dev/zero of=/data/later bs=1M count=2',
    ]);
    await until(
      async () => (await exporter.scrape())('lookout_volume_used_bytes', { ...claim, method: 'walk' }) === diskUsage(),
    );
  });
});

describe('as process 1 of its pod', () => {
  test('it waits for each of its children, whether it ended or was killed', async () => {
    const exporter = await reach(home, name);
    const kill = `
      const { readdirSync, readFileSync } = require('node:fs');
      const isReader = (pid) => {
        try { return readFileSync('/proc/' + pid + '/cmdline', 'utf8').split('\\0').includes('reader'); } catch { return false; }
      };
      let found = [];
      while (found.length === 0) found = readdirSync('/proc').filter(isReader);
      for (const pid of found) process.kill(Number(pid), 'SIGKILL');
      console.log(found.length);`;
    expect(Number(inPod(home, name, kill))).toBe(1);
    const measured = async () =>
      (await exporter.scrape())('lookout_volume_measured_timestamp_seconds', claim) ?? Number.NaN;
    const before = await measured();
    await until(async () => (await measured()) > before + 4);
    expect(zombies(home, name)).toBe('');
  });

  test('it ends with 0 at SIGTERM', async () => {
    expect(await terminate(home, name)).toBe(0);
  });
});

/** A bound claim with files in it. Gives its directory and the node that it lies on. */
function provision(): { readonly directory: string; readonly nodeName: string } {
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } };
  apply({ kind: 'PersistentVolumeClaim', metadata: { name: 'uploads', namespace: shop }, spec });
  const container = {
    name: 'writer',
    image: images().busybox,
    command: ['sh', '-c', `${files} && touch /ready && sleep 1000000`],
    readinessProbe: { exec: { command: ['test', '-e', '/ready'] }, periodSeconds: 1 },
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'uploads' } }];
  const pod = { containers: [container], volumes, terminationGracePeriodSeconds: 0 };
  apply({ kind: 'Pod', metadata: { name: 'writer', namespace: shop }, spec: pod });
  kubectl(['wait', '--for=condition=Ready', 'pod/writer', `--namespace=${shop}`, '--timeout=90s']);
  const writer = kubectlJson<{ spec: { nodeName: string } }>('get', 'pod', 'writer', `--namespace=${shop}`);
  return { directory: directoryOf('uploads', shop), nodeName: writer.spec.nodeName };
}

function cronJob(cronJobName: string, script: string, path: string, nodeName: string): void {
  const volumeMounts = [{ name: 'backups', mountPath: '/backups' }];
  const container = { name: 'job', image: images().busybox, command: ['sh', '-c', script], volumeMounts };
  const volumes = [{ name: 'backups', hostPath: { path, type: 'DirectoryOrCreate' } }];
  const template = { spec: { nodeName, restartPolicy: 'Never', containers: [container], volumes } };
  const spec = { schedule: '* * * * *', jobTemplate: { spec: { template } } };
  apply({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: cronJobName, namespace: shop }, spec });
}

/** Bytes of the claim as its own pod's `du` counts them. */
function diskUsage(): number {
  const printed = kubectl(['exec', 'writer', `--namespace=${shop}`, '--', 'du', '-s', '-k', '/data']);
  return Number.parseInt(printed, 10) * 1024;
}
