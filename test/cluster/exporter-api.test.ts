import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { until } from '../exporter/support/exporter.ts';
import { temporaryFolder } from '../exporter/support/folder.ts';
import { openssl } from '../exporter/support/openssl.ts';
import { serviceAccount } from './support/access.ts';
import { installExporter, type Reached, reach, startPod, terminate, token } from './support/exporter.ts';
import { images } from './support/images.ts';
import { apply, kubectl, kubectlJson, temporaryNamespace } from './support/kubectl.ts';
import { declaredCertificate, shownIn, tlsSecrets } from './support/tls-secrets.ts';

/** The platform that is watched, and the namespace of the exporter, which admits restricted pods only. */
const shop = temporaryNamespace();
const home = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
const name = 'lookout-exporter-api';
const cronJob = (cronjob: string) => ({ backup: 'shop-database', cronjob_namespace: shop, cronjob });
/** Milliseconds after which a pod that hears no signal is killed. */
const gracePeriod = 30_000;
const { secret, existing } = tlsSecrets(shop);
const family = (topic: string) => `lookout_backup_cronjob_${topic}`;

beforeAll(async () => {
  serviceAccount({ namespace: home, name }, [
    {
      namespace: shop,
      rules: [
        { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: ['batch'], resources: ['cronjobs'], verbs: ['get', 'watch'] },
        { apiGroups: ['batch'], resources: ['jobs'], verbs: ['list', 'watch'] },
      ],
    },
  ]);
  put('works', 'echo dump', {});
  put('breaks', 'echo broken; exit 3', {});
  put('sleeps', 'echo dump', { suspend: true });
  installExporter(home);
  startPod({
    namespace: home,
    name,
    role: { serviceAccount: name },
    config: {
      certificateSecrets: [{ ...declaredCertificate, namespace: shop }],
      certificateDiscovery: { namespaces: [shop] },
      cronJobs: ['works', 'breaks', 'sleeps', 'missing'].map((each) => ({
        backup: 'shop-database',
        purpose: 'backup',
        namespace: shop,
        name: each,
      })),
    },
  });
});

describe('the exporter in a pod', () => {
  test('runs as a restricted pod and answers to its token alone', async () => {
    const { get } = await reach(home, name);
    expect((await get('/prometheus')).status).toBe(200);
    expect((await get('/prometheus', 'another')).status).toBe(401);
  });

  test('follows a token that is rotated, without a time in which the old one is refused too early', async () => {
    const { get } = await reach(home, name);
    apply({
      kind: 'Secret',
      metadata: { name: 'lookout-token', namespace: home },
      stringData: { token: `${token}\nnext-token` },
    });
    await until(async () => {
      expect((await get('/prometheus')).status).toBe(200);
      await sleep(500);
      return (await get('/prometheus', 'next-token')).status === 200;
    });
  });

  test('ends as soon as its pod is deleted, also while it watches and scrapers are connected', async () => {
    const config = { certificateDiscovery: { namespaces: [shop] } };
    const short = { namespace: home, name: 'lookout-exporter-short', role: { serviceAccount: name }, config };
    startPod(short);
    const { get } = await reach(home, short.name);
    await (await get('/prometheus')).text();
    expect(await terminate(home, short.name)).toBe(0);
    await until(() => phaseOf(short.name) === 'Running');
    const began = Date.now();
    kubectl(['delete', 'pod', short.name, `--namespace=${home}`, '--wait']);
    expect(Date.now() - began).toBeLessThan(gracePeriod);
  });
});

describe('TLS Secrets', () => {
  test('are followed through creation, renewal and deletion, with what openssl says', async () => {
    const exporter = await reach(home, name);
    const { selfSigned } = openssl(temporaryFolder());
    const first = selfSigned({ name: 'first', names: 'DNS:shop.test', to: '20270101000000Z' });
    const renewed = selfSigned({ name: 'renewed', names: 'DNS:shop.test', to: '20280101000000Z' });
    expect(await ends(exporter, 'shop-web')).toBe(0);
    secret(['fe-tls-secret'], first);
    await until(async () => (await ends(exporter, 'shop-web')) === Date.UTC(2027, 0, 1) / 1000);
    secret(['fe-tls-secret'], renewed);
    await until(async () => (await ends(exporter, 'shop-web')) === Date.UTC(2028, 0, 1) / 1000);
    kubectl(['delete', 'secret', 'fe-tls-secret', `--namespace=${shop}`]);
    await until(async () => (await exporter.scrape())('lookout_source_up', { source: 'shop-web' }) === 0);
    expect(await ends(exporter, 'shop-web')).toBe(Date.UTC(2028, 0, 1) / 1000);
  });

  test('are discovered while many of them come, change and go', async () => {
    const exporter = await reach(home, name);
    const { selfSigned } = openssl(temporaryFolder());
    const issued = ['a', 'b'].map((each, index) =>
      selfSigned({ name: each, names: 'DNS:shop.test', to: `20${30 + index}0101000000Z` }),
    );
    const names = Array.from({ length: 60 }, (_, number) => `tls-${number}`);
    for (let turn = 0; turn < 4; turn++) {
      secret(names.slice(turn * 10, turn * 10 + 30), issued[turn % 2]!);
      kubectl(['delete', 'secret', ...names.slice(turn * 10, turn * 10 + 5), `--namespace=${shop}`]);
    }
    await until(async () => String(await discovered(exporter)) === String(existing()));
    expect(existing().length).toBe(40);
  });
});

describe('CronJobs and Jobs', () => {
  test('are shown as they are', async () => {
    const value = await (await reach(home, name)).scrape();
    expect(value(family('present'), cronJob('works'))).toBe(1);
    expect(value(family('suspended'), cronJob('works'))).toBe(0);
    expect(value(family('suspended'), cronJob('sleeps'))).toBe(1);
    expect(value(family('present'), cronJob('missing'))).toBe(0);
    expect(value('lookout_source_up', { collector: 'cronjobs', source: `${shop}/missing` })).toBe(1);
  });

  test('that the schedule has started succeed and fail', async () => {
    const exporter = await reach(home, name);
    await until(async () => {
      await sleep(1000);
      const value = await exporter.scrape();
      return (
        value(family('last_success_timestamp_seconds'), cronJob('works')) !== 0 &&
        value(family('last_failure_timestamp_seconds'), cronJob('breaks')) !== 0
      );
    });
    const value = await exporter.scrape();
    const { status } = kubectlJson<{ status: { lastSuccessfulTime: string } }>(
      'get',
      'cronjob',
      'works',
      `--namespace=${shop}`,
    );
    const success = value(family('last_success_timestamp_seconds'), cronJob('works')) ?? 0;
    expect(Math.abs(success - Date.parse(status.lastSuccessfulTime) / 1000)).toBeLessThanOrEqual(60);
    expect(value(family('last_schedule_timestamp_seconds'), cronJob('works'))! % 60).toBe(0);
    expect(value(family('last_duration_seconds'), cronJob('works'))).toBeGreaterThanOrEqual(0);
    expect(value(family('last_failure_timestamp_seconds'), cronJob('works'))).toBe(0);
    expect(value(family('last_success_timestamp_seconds'), cronJob('breaks'))).toBe(0);
  });

  test('that somebody started by hand stand apart', async () => {
    const exporter = await reach(home, name);
    expect((await exporter.scrape())(family('last_manual_success_timestamp_seconds'), cronJob('sleeps'))).toBe(0);
    kubectl(['create', 'job', 'by-hand', '--from=cronjob/sleeps', `--namespace=${shop}`]);
    await until(
      async () => (await exporter.scrape())(family('last_manual_success_timestamp_seconds'), cronJob('sleeps')) !== 0,
    );
    const value = await exporter.scrape();
    expect(value(family('last_success_timestamp_seconds'), cronJob('sleeps'))).toBe(0);
    expect(value(family('last_schedule_timestamp_seconds'), cronJob('sleeps'))).toBe(0);
  });
});

function phaseOf(pod: string): string {
  return kubectlJson<{ status: { phase: string } }>('get', 'pod', pod, `--namespace=${home}`).status.phase;
}

function put(cronjob: string, script: string, spec: object): void {
  const container = { name: 'job', image: images().busybox, command: ['sh', '-c', script] };
  const pod = { restartPolicy: 'Never', containers: [container] };
  const jobTemplate = { spec: { backoffLimit: 0, template: { spec: pod } } };
  const full = { schedule: '* * * * *', jobTemplate, ...spec };
  apply({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: cronjob, namespace: shop }, spec: full });
}

async function ends({ scrape }: Reached, certificate: string): Promise<number | undefined> {
  return (await scrape())('lookout_certificate_not_after_timestamp_seconds', { certificate });
}

async function discovered({ samples }: Reached): Promise<readonly string[]> {
  return shownIn(await samples());
}
