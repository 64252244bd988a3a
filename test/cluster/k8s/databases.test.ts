import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { image } from '../../../k8s/images.ts';
import type { Stack } from '../../../stack/types.ts';
import { until } from '../../exporter/support/exporter.ts';
import { locate } from '../../support/programs.ts';
import { apply, kubectl, temporaryNamespace } from '../support/kubectl.ts';
import { node } from '../support/node.ts';
import { install, rolledOut, secretValue } from './install.ts';
import { queryValue, reachPod, targets } from './reach.ts';
import { stackIn } from './stacks.ts';

const postgresImage = 'lookout.local/postgres:1';
const postgresFolder = '/usr/lib/postgresql/15';
const password = 'canary-of-the-database';

/**
 * The cluster of the tests pulls nothing. Debian's PostgreSQL and postgres_exporter take the places of their images, the exporter
 * under the name that is pinned although it is older: what is said here holds for its options, variables and figures.
 */
const programs = {
  postgres: existsSync(postgresFolder) ? postgresFolder : undefined,
  exporter: locate('prometheus-postgres-exporter'),
  shell: locate('busybox'),
};
const missing = Object.entries(programs).flatMap(([name, path]) => (path === undefined ? [name] : []));

if (inject('cluster').own && missing.length === 0) describe('the exporter of a PostgreSQL', run);
else test.skip(`the exporter of a PostgreSQL (needs the node of the tests, and here: ${missing.join(', ')})`);

function run(): void {
  const namespace = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  const stack = stackWith(namespace);
  const pinned = image('postgresExporter', stack, stack.cluster!);

  beforeAll(async () => {
    loadPostgres();
    node('load', pinned, programs.exporter ?? '');
    apply(...postgres(namespace));
    await install(stack);
    rolledOut(namespace, 'deployment/postgres', 'deployment/lookout-database-shop', 'statefulset/lookout-prometheus');
  });
  afterAll(() => void node('ctr', 'images', 'remove', pinned, postgresImage));

  test('gets in with the password of the Secret, and Prometheus gets its figures', async () => {
    const { value, up } = await asked(namespace);
    await until(async () => (await up()).includes('lookout-database-shop up'));
    await until(async () => (await value('db:up:min{database="shop"}')) === 1);
    expect(await value('db:connections_limit:max{database="shop"}')).toBe(97);
    await until(async () => (await value('db:operations:rate5m{database="shop"}')) > 0);
  });

  test('tells that the database is down, which fires, and that it is back', async () => {
    const { value } = await asked(namespace);
    const firing = () => value('ALERTS{alertname="DatabaseDown",database="shop",alertstate="firing"}');
    const scale = (replicas: number) =>
      kubectl(['scale', 'deployment/postgres', `--replicas=${replicas}`, `--namespace=${namespace}`]);
    scale(0);
    onTestFinished(() => void scale(1));
    await until(async () => (await firing()) === 1);
    scale(1);
    await until(async () => (await value('db:up:min{database="shop"}')) === 1 && Number.isNaN(await firing()));
  });

  test('has the password in no object but its Secret, and in no log', () => {
    const objects = kubectl(['get', 'deployments,pods,configmaps', '--output=yaml', `--namespace=${namespace}`]);
    const log = kubectl(['logs', 'deployment/lookout-database-shop', `--namespace=${namespace}`]);
    expect(objects).toContain('DATA_SOURCE_PASS');
    for (const text of [objects, log]) expect(text).not.toContain(password);
  });
}

async function asked(namespace: string) {
  const prometheus = await reachPod(namespace, 'pod/lookout-prometheus-0', 9090);
  const own = secretValue('prometheus-password');
  return {
    value: (query: string) => queryValue(prometheus, own, query),
    up: () => targets(prometheus, own),
  };
}

/** Everything of PostgreSQL, where it was built for, with a shell for `initdb`. */
function loadPostgres(): void {
  const directory = mkdtempSync(join(tmpdir(), 'lookout-image-'));
  const bin = ['postgres', 'initdb'].map((name) => `${postgresFolder}/bin/${name}`);
  try {
    node('rootfs', directory, programs.shell ?? '', ...bin);
    symlinkSync('busybox', join(directory, 'bin/sh'));
    for (const folder of [postgresFolder, '/usr/share/postgresql/15'])
      cpSync(folder, join(directory, folder), { recursive: true, dereference: true });
    node('image', postgresImage, directory, bin[0] ?? '');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A database that asks for the password of a Secret, and keeps nothing. */
function postgres(namespace: string): readonly object[] {
  const metadata = { name: 'postgres', namespace };
  const labels = { app: 'postgres' };
  const mounts = [
    { name: 'data', mountPath: '/data' },
    { name: 'secret', mountPath: '/secret', readOnly: true },
  ];
  const container = (name: string, command: readonly string[], more: object = {}) => ({
    name,
    image: postgresImage,
    command,
    volumeMounts: mounts,
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    ...more,
  });
  const initdb = `${postgresFolder}/bin/initdb --pgdata=/data/pg --username=lookout --pwfile=/secret/password --auth=scram-sha-256 --locale=C && echo 'host all all all scram-sha-256' >>/data/pg/pg_hba.conf`;
  const serve = [`${postgresFolder}/bin/postgres`, '-D', '/data/pg', '-c', 'listen_addresses=*'];
  return [
    { kind: 'Secret', metadata: { name: 'shop-database', namespace }, stringData: { password } },
    { kind: 'Service', metadata, spec: { selector: labels, ports: [{ port: 5432 }] } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 65534,
              fsGroup: 65534,
              seccompProfile: { type: 'RuntimeDefault' },
            },
            terminationGracePeriodSeconds: 1,
            initContainers: [container('initdb', ['/bin/sh', '-c', initdb])],
            containers: [
              container('postgres', [...serve, '-c', 'unix_socket_directories='], {
                readinessProbe: { tcpSocket: { port: 5432 }, periodSeconds: 1 },
              }),
            ],
            volumes: [
              { name: 'data', emptyDir: {} },
              { name: 'secret', secret: { secretName: 'shop-database' } },
            ],
          },
        },
      },
    },
  ];
}

function stackWith(namespace: string): Stack {
  const plain = stackIn(namespace);
  const none = { kind: 'none' } as const;
  const others = { alertmanager: none, grafana: none, exporter: none, blackbox: none, redisExporter: none };
  return {
    ...plain,
    databases: [
      {
        name: 'shop',
        engine: 'postgres',
        exporter: 'lookout-database-shop:9187',
        access: {
          kind: 'server',
          address: 'postgres:5432',
          database: 'postgres',
          user: { name: 'lookout' },
          password: 'database-shop-password',
          tls: 'none',
        },
      },
    ],
    // The exporter tries for three seconds before it says that a database is down.
    intervals: { ...plain.intervals, scrape: 5, evaluation: 1 },
    alerts: { DatabaseDown: { for: 1 } },
    secrets: {
      ...plain.secrets,
      'database-shop-password': { kind: 'kubernetes', secret: 'shop-database', key: 'password' },
    },
    cluster: {
      ...plain.cluster!,
      components: { ...plain.cluster!.components, ...others, postgresExporter: { kind: 'install' } },
    },
  };
}
