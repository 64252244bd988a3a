import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { draftEnvironment } from '../../provision/init/cluster/draft.ts';
import type { CronJob, Facts, Workload } from '../../provision/init/cluster/facts.ts';
import { openEnvironment } from '../../stack/open.ts';
import { expectGolden } from '../support/golden.ts';

const temporary = mkdtempSync(join(tmpdir(), 'lookout-draft-'));
afterAll(() => rmSync(temporary, { recursive: true }));

/** The environment that a draft resolves to; it throws every problem. */
function opened(name: string, facts: Facts) {
  mkdirSync(join(temporary, name), { recursive: true });
  writeFileSync(join(temporary, name, 'environment.yaml'), draftEnvironment(facts));
  const options = { root: temporary, cwd: temporary, env: {}, state: () => '/state' };
  return openEnvironment({ name: join(temporary, name), ...options }).stacks[0]?.stack;
}

function workload(name: string, namespace: string, image: string): Workload {
  const labels = { app: name };
  return {
    metadata: { name, namespace },
    spec: { template: { metadata: { labels }, spec: { containers: [{ name, image }] } } },
  };
}

function cronJob(
  name: string,
  schedule: string,
  script: string,
  volume: { hostPath: string; nodes?: Readonly<Record<string, string>> } | { claim: string },
): CronJob {
  const volumes =
    'claim' in volume
      ? [{ name: 'data', persistentVolumeClaim: { claimName: volume.claim } }]
      : [{ name: 'data', hostPath: { path: volume.hostPath } }];
  const nodeSelector = 'nodes' in volume ? { nodeSelector: volume.nodes } : {};
  const container = {
    name,
    command: ['sh', '-c', script],
    volumeMounts: [{ name: 'data', mountPath: '/backup' }],
  };
  return {
    metadata: { name, namespace: 'shop' },
    spec: {
      schedule,
      timeZone: 'Asia/Almaty',
      jobTemplate: { spec: { template: { spec: { containers: [container], volumes, ...nodeSelector } } } },
    },
  };
}

const empty: Facts = {
  context: 'april',
  namespace: 'shop',
  version: 'v1.34.4',
  groups: ['apps', 'batch'],
  services: [],
  workloads: [],
  cronJobs: [],
  claims: [],
  ingresses: [],
  certificates: [],
  elsewhere: [],
  servicesElsewhere: [],
  unread: [],
};

const full: Facts = {
  ...empty,
  version: 'v1.34.4+k3s1',
  groups: ['monitoring.coreos.com', 'cert-manager.io'],
  services: [
    {
      metadata: {
        name: 'api',
        namespace: 'shop',
        annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/path': '/prometheus' },
      },
      spec: { ports: [{ port: 8000 }] },
    },
    { metadata: { name: 'worker', namespace: 'shop' }, spec: { ports: [{ name: 'http-metrics', port: 9100 }] } },
    { metadata: { name: 'web', namespace: 'shop' }, spec: { ports: [{ name: 'http', port: 80 }] } },
    {
      metadata: { name: 'mongodb', namespace: 'shop' },
      spec: { selector: { app: 'mongo' }, ports: [{ port: 27_017 }] },
    },
  ],
  workloads: [
    workload('mongo', 'shop', 'mongo:4.4.6-bionic'),
    workload('redis', 'shop', 'redis:7-alpine'),
    workload('redis-exporter', 'shop', 'docker.io/oliver006/redis_exporter:v1.91.1'),
  ],
  cronJobs: [
    cronJob('mongodb-backup', '0 2,12 * * *', 'mongodump --out /backup/$(date +%Y-%m-%d-%H-%M)', {
      hostPath: '/mnt/backups/mongodb',
      nodes: { 'shop/disk': 'large' },
    }),
    cronJob('mongodb-backup-cleanup', '0 3 * * *', 'find /backup/* -maxdepth 0 -mtime +14 -exec rm -rf {} \\;', {
      hostPath: '/mnt/backups/mongodb',
    }),
    cronJob('orders-dump', '15 3 * * *', 'pg_dump orders | gzip > /backup/orders_$(date +%Y%m%d_%H%M%S).sql.gz', {
      claim: 'dumps',
    }),
    cronJob('files-backup', '@daily', '/scripts/tar-everything.sh', { claim: 'dumps' }),
    cronJob('restore-test', '0 5 * * *', 'mongodump --out /backup/$(date +%F)', { claim: 'dumps' }),
    cronJob('report', '0 6 * * *', 'node report.js', { claim: 'dumps' }),
  ],
  claims: [
    {
      metadata: { name: 'dumps', namespace: 'shop' },
      spec: { storageClassName: 'local-path', resources: { requests: { storage: '5Gi' } } },
    },
  ],
  ingresses: [
    {
      metadata: { name: 'web', namespace: 'shop' },
      spec: { tls: [{ hosts: ['shop.test', '*.shop.test'], secretName: 'web-tls' }] },
    },
  ],
  certificates: [{ metadata: { name: 'web', namespace: 'shop' }, spec: { secretName: 'web-tls' } }],
  elsewhere: [
    workload('kube-state-metrics', 'monitoring', 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.17.0'),
  ],
  servicesElsewhere: [
    {
      metadata: { name: 'ksm', namespace: 'monitoring' },
      spec: { selector: { app: 'kube-state-metrics' }, ports: [{ port: 8080 }] },
    },
  ],
};

describe('a first environment from a cluster', () => {
  test('holds what is there, and what each guess rests on', () => {
    expectGolden('init/environment.yaml', draftEnvironment(full));
  });

  test('is valid as it stands', () => {
    const stack = opened('full', full);
    expect(stack?.cluster).toMatchObject({ context: 'april', distribution: 'k3s' });
    expect(stack?.applications.map(({ metrics }) => metrics?.address)).toEqual(['api:8000', 'worker:9100']);
    expect(stack?.certificates.secrets.map(({ secret }) => secret)).toEqual(['web-tls']);
    expect(stack?.certificates.certManager.map(({ certificate }) => certificate)).toEqual(['web']);
    expect(stack?.certificates.endpoints.map(({ host }) => host)).toEqual(['shop.test']);
  });

  test('finds the backups of CronJobs on the node and in claims, with their cleanup; what is not sure is a comment', () => {
    const backups = opened('backups', full)?.backups ?? [];
    expect(backups).toMatchObject([
      {
        name: 'mongodb',
        directory: '/mnt/backups/mongodb',
        claim: null,
        pattern: '%Y-%m-%d-%H-%M/',
        engine: 'mongodb',
        schedule: '0 2,12 * * *',
        timezone: 'Asia/Almaty',
        cronJob: { name: 'mongodb-backup' },
        cleanup: { name: 'mongodb-backup-cleanup' },
        retention: { age: 14 * 86_400 },
      },
      { name: 'orders', claim: 'dumps', pattern: 'orders_%Y%m%d_%H%M%S.sql.gz', engine: 'postgres', cleanup: null },
    ]);
    expect(draftEnvironment(full)).toContain('  #   cronJob: files-backup');
  });

  test('of an empty namespace is valid too, and says what could not be read', () => {
    const facts = { ...empty, unread: ['could not list services: RBAC gives no right to list services'] };
    expect(opened('empty', facts)).toMatchObject({ namespace: 'shop', backups: [], volumes: [] });
    expect(draftEnvironment(facts)).toContain('# Could not be read: could not list services');
  });

  test('names monitoring that runs already, with the address of its Service', () => {
    expect(draftEnvironment(full)).toContain(
      'kubeStateMetrics: { existing: "ksm.monitoring.svc:8080" }   # kube-state-metrics in monitoring',
    );
    expect(draftEnvironment(empty)).not.toContain('components');
  });
});
