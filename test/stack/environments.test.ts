import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { environmentNames, openEnvironment } from '../../stack/open.ts';
import type { Stack } from '../../stack/types.ts';
import { expectGolden } from '../support/golden.ts';
import { localStack } from '../support/stacks.ts';
import { load, problemsOf } from './load.ts';

const root = resolve(import.meta.dirname, '../..');

/** An environment of the repository, with the variables of its example. */
function stacksOf(name: string, env: Readonly<Record<string, string>> = {}): readonly Stack[] {
  const example = join(root, 'environments', name, '.env.example');
  const envFile = existsSync(example) ? example : undefined;
  const state = (stack: string): string => `/state/${stack}`;
  return openEnvironment({ name, root, cwd: root, env, envFile, state }).stacks.map(({ stack }) => stack);
}

describe('every environment of the repository', () => {
  test.each(environmentNames(root))('%s resolves to the stacks of its golden file', (name) => {
    expectGolden(`stack/${name}.json`, `${JSON.stringify(stacksOf(name), null, 2)}\n`);
  });

  test('is one of the demonstration and the five platforms', () => {
    expect(environmentNames(root)).toEqual([
      'april-robots-online',
      'co2-calculator',
      'honeydue',
      'k3s-gateway',
      'local',
      'school-platform',
    ]);
  });
});

describe('the local environment', () => {
  const [stack] = stacksOf('local');

  test('needs nothing outside its folder', () => expect(stack?.name).toBe('local'));

  test('runs 15 times faster than production and differs in nothing else', () => {
    expect(stack?.intervals).toEqual(localStack.intervals);
    expect(stack?.backups[0]).toMatchObject({ grace: 20, settle: 2, schedule: '* * * * *' });
    expect(stack?.prometheus.retention.time).toBe(15 * 86_400);
  });

  test('sends everything to its inbox', () => {
    expect(stack?.local?.inbox).toEqual({ smtp: '127.0.0.1:19306', http: '127.0.0.1:19307' });
    expect(stack?.alertmanager.email?.smarthost).toBe('127.0.0.1:19306');
    expect(stack?.secrets['slack-webhook']).toEqual({ kind: 'generate' });
  });
});

describe('April Robots Online', () => {
  const [prod, staging] = stacksOf('april-robots-online');

  test('scrapes /prometheus every 15 seconds with a token that Kubernetes keeps', () => {
    expect(prod?.applications[0]?.metrics).toEqual({
      scheme: 'http',
      address: 'april-robots-online-general-api:8000',
      path: '/prometheus',
      interval: 15,
      token: 'application-backend-token',
    });
    expect(prod?.secrets['application-backend-token']?.kind).toBe('kubernetes');
  });

  test('expects a dump at 02:00 and 12:00 in Almaty and allows what find -mtime +14 leaves', () => {
    expect(prod?.backups[0]).toMatchObject({ schedule: '0 2,12 * * *', timezone: 'Asia/Almaty', clock: 'Asia/Almaty' });
    const { age = 0, tolerance = 0 } = prod?.backups[0]?.retention ?? {};
    const oldestThatFindLeaves = (15 * 24 + 15) * 3600;
    expect(age + tolerance).toBeGreaterThan(oldestThatFindLeaves);
  });

  test('differs between its overlays in nothing but the name and the variables of each', () => {
    const same = { name: '', instance: '' };
    expect({ ...staging, ...same }).toEqual({ ...prod, ...same });
  });

  test('takes its host names and that of its TLS Secret from the .env of each overlay, and nothing else', () => {
    const text = readFileSync(join(root, 'environments/april-robots-online/environment.yaml'), 'utf8');
    const files = {
      '.env.prod':
        'FRONTEND_HOST=robots.test\nBACKEND_HOST=api.robots.test\nFE_TLS_SECRET_NAME=fe-tls\nGRAFANA_HOST=grafana.robots.test\n',
      '.env.staging':
        'FRONTEND_HOST=staging.test\nBACKEND_HOST=api.staging.test\nFE_TLS_SECRET_NAME=fe-staging\nGRAFANA_HOST=grafana.staging.test\n',
    };
    const names = load(text, { files }).stacks.map(({ stack: { certificates, grafana } }) => [
      ...certificates.endpoints.map(({ host }) => host),
      ...certificates.secrets.map(({ secret }) => secret),
      grafana.url,
    ]);
    expect(names).toEqual([
      ['robots.test', 'api.robots.test', 'fe-tls', 'https://grafana.robots.test'],
      ['staging.test', 'api.staging.test', 'fe-staging', 'https://grafana.staging.test'],
    ]);
    expect(problemsOf(text, { files: { '.env.prod': files['.env.prod'] } }).map((line) => line.split(' ')[4])).toEqual([
      'FRONTEND_HOST',
      'BACKEND_HOST',
      'FE_TLS_SECRET_NAME',
      'FRONTEND_HOST',
      'BACKEND_HOST',
      'GRAFANA_HOST',
      'GRAFANA_HOST',
    ]);
  });

  test('watches both of its CronJobs, its TLS Secret and the claim of its database', () => {
    const namespace = 'april-robots-online';
    expect(prod?.backups[0]).toMatchObject({
      cronJob: { namespace, name: 'mongodb-backup' },
      cleanup: { namespace, name: 'mongodb-backup-cleanup' },
    });
    expect(prod?.certificates.secrets).toEqual([{ name: 'frontend-in-cluster', namespace, secret: 'fe-tls-secret' }]);
    expect(prod?.volumes[0]).toEqual({
      name: 'mongodb-pvc',
      namespace,
      directory: null,
      claim: 'mongodb-pvc',
      requested: 2 * 1024 ** 3,
    });
  });

  test('lets a pod see the dumps, the images and the claims of k3s, and nothing else', () => {
    expect(prod?.exporter.node?.mounts).toEqual([
      { kind: 'host', path: '/mnt/backups/mongodb' },
      { kind: 'host', path: '/srv/apps/april_robots_online/mount/static' },
      { kind: 'host', path: '/var/lib/rancher/k3s/storage' },
    ]);
  });

  test('compares neither of its two certificates with the other', () => {
    expect(prod?.certificates.endpoints.map(({ host, expects }) => [host, expects])).toEqual([
      ['robots.aprilhub.kz', null],
      ['api.robots.aprilhub.kz', null],
    ]);
  });
});

test('the CO2 calculator scrapes no pod of the application, invents no schedule and keeps its stated limits', () => {
  const stacks = stacksOf('co2-calculator');
  expect(stacks.map(({ namespace }) => namespace)).toEqual([
    'co2-calculator-dev',
    'co2-calculator-staging',
    'co2-calculator-prod',
  ]);
  for (const stack of stacks) {
    expect([stack.applications, stack.backups, stack.alertmanager.slack]).toEqual([[], [], null]);
    expect(stack.alerts).toEqual({
      VolumeFull: { threshold: 0.9, thresholdUnit: 'percentunit', severity: 'critical' },
      FilesystemFull: { threshold: 0.9, thresholdUnit: 'percentunit', severity: 'critical' },
      CertificateExpiringSoon: { threshold: 7 * 86_400, thresholdUnit: 's', severity: 'warning' },
    });
  }
});

test('the CO2 calculator leaves Grafana and Prometheus to the platform, its objects to Argo CD, and mounts its claim', () => {
  for (const { cluster, volumes, exporter } of stacksOf('co2-calculator')) {
    expect(cluster).toMatchObject({
      distribution: 'openshift',
      access: 'namespace',
      flavour: 'operator',
      delivery: { kind: 'files', gitops: 'argocd', sops: null },
      components: { grafana: { kind: 'none' }, prometheus: { kind: 'none' } },
    });
    expect(volumes[0]).toMatchObject({ claim: 'db-dumps', directory: '/claims/db-dumps' });
    expect(exporter.node?.mounts).toEqual([{ kind: 'claim', claim: 'db-dumps', path: '/claims/db-dumps' }]);
  }
});

test('the school platform installs no second Prometheus, and has Flux apply its files and encrypted Secrets', () => {
  const [stack] = stacksOf('school-platform');
  expect(stack?.cluster?.components.prometheus.kind).toBe('existing');
  expect(stack?.cluster?.delivery).toMatchObject({
    kind: 'files',
    gitops: 'flux',
    sops: [expect.stringMatching(/^age1/)],
  });
});

test('the school platform expects a dump at 3:00 in Perth, keeps 30 days and takes no sidecar for a dump', () => {
  expect(stacksOf('school-platform')[0]?.backups[0]).toMatchObject({
    pattern: 'school_platform_%Y%m%d_%H%M%S.sql.gz',
    schedule: '0 3 * * *',
    timezone: 'Australia/Perth',
    retention: { age: 30 * 86_400 },
    ignore: ['*.meta.json'],
    others: ['*manual*', '*safety*'],
    cronJob: { namespace: 'school', name: 'school-platform-db-backup' },
  });
});

test('the school platform has its dumps read in their claim, whose fill level the kubelet tells', () => {
  const [stack] = stacksOf('school-platform');
  expect(stack?.backups[0]).toMatchObject({ directory: '/claims/school-backups', claim: 'school-backups' });
  expect(stack?.volumes[0]).toMatchObject({ claim: 'school-backups', directory: null });
  expect(stack?.exporter.node?.mounts).toEqual([
    { kind: 'claim', claim: 'school-backups', path: '/claims/school-backups' },
  ]);
});

test('honeyDue has neither scrape nor backup nor receiver, and its origin certificate stands alone', () => {
  const [stack] = stacksOf('honeydue');
  expect([stack?.applications, stack?.backups, stack?.alertmanager.email, stack?.alertmanager.slack]).toEqual([
    [],
    [],
    null,
    null,
  ]);
  expect(stack?.certificates.endpoints.every(({ expects }) => expects === null)).toBe(true);
  expect(stack?.volumes[0]).toMatchObject({ claim: 'redis-data', directory: null, requested: 5 * 1024 ** 3 });
  expect(stack?.exporter.node?.mounts).toEqual([
    { kind: 'host', path: '/etc/honeydue' },
    { kind: 'host', path: '/var/lib/rancher/k3s/storage' },
  ]);
});

test('the gateway platform has a stack for each of its three namespaces', () => {
  expect(
    stacksOf('k3s-gateway').map(({ namespace, certificates }) => [namespace, certificates.endpoints[0]?.host]),
  ).toEqual([
    ['prod', 'gateway.example.com'],
    ['nightly', 'nightly.gateway.example.com'],
    ['dev', 'dev.gateway.example.com'],
  ]);
});
