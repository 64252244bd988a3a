import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { ExporterConfig } from '../../exporter/config.ts';
import { loadSettings } from '../../exporter/settings.ts';
import { scrapeFiles } from '../../scrape/index.ts';
import { jobs, type Stack } from '../../stack/types.ts';
import { stackOf } from '../stack/load.ts';
import { expectGolden } from '../support/golden.ts';
import { localStack } from '../support/stacks.ts';

const configFiles = (stack: Stack) => scrapeFiles(stack).filter(({ path }) => path.endsWith('exporter.json'));

/** The exporter's configurations, by role. */
const configs = (stack: Stack): Readonly<Record<string, ExporterConfig>> =>
  Object.fromEntries(configFiles(stack).map(({ path, content }) => [path.split('/')[1], JSON.parse(content)]));

const exporterJob = (stack: Stack) => {
  const file = scrapeFiles(stack).find(({ path }) => path === 'prometheus/prometheus.yml');
  return parse(file!.content).scrape_configs.find(({ job_name: name }: { job_name: string }) => name === jobs.exporter);
};

const cluster = (keys: object) => stackOf(stringify({ platform: 'kubernetes', namespace: 'shop', ...keys }));

const onlyPaths = cluster({ volumes: [{ name: 'uploads', directory: '/srv/uploads' }] });

const everything = cluster({
  cluster: { distribution: 'k3s' },
  backups: [
    {
      name: 'database',
      claim: 'dumps',
      pattern: 'shop_%F.sql.gz',
      engine: 'postgres',
      schedule: '@daily',
      others: ['manual_*'],
      cronJob: 'dump',
      cleanup: { namespace: 'jobs', name: 'delete' },
    },
  ],
  volumes: [
    { claim: 'data', size: '2Gi' },
    { name: 'uploads', directory: '/srv/uploads' },
  ],
  certificates: {
    files: [{ name: 'host', path: '/etc/ssl/host.p12', password: { secret: 'host', key: 'password' } }],
    secrets: [{ name: 'web', secret: 'web-tls' }],
    certManager: [{ name: 'api', certificate: 'api-tls', namespace: 'api' }],
    discover: 'everywhere',
    endpoints: [
      { name: 'of-secret', address: 'shop.test', expects: 'web' },
      { name: 'of-file', address: 'host.test', expects: 'host' },
      { name: 'of-authority', address: 'inner.test', authority: '/etc/ssl/ca.pem' },
      { name: 'mail', address: 'mail.test:25', starttls: 'smtp' },
    ],
  },
  exporter: { tls: { secret: 'exporter-tls' }, traces: 'http://collector:4318' },
});

describe('exporter.json on one machine', () => {
  test('watches what the stack declares', () =>
    expectGolden('scrape/local.exporter.json', configFiles(localStack)[0]!.content));

  test('listens on loopback and is the only one', () => {
    expect(configFiles(localStack).map(({ path }) => path)).toEqual(['exporter/exporter.json']);
    expect(JSON.parse(configFiles(localStack)[0]!.content).listen).toEqual({ host: '127.0.0.1', port: 19303 });
  });
});

describe('exporter.json in a cluster', () => {
  const { api, node } = configs(everything);

  test('is as recorded for each role', () => {
    for (const { path, content } of configFiles(everything)) {
      expectGolden(`scrape/cluster.${path.split('/')[1]}.exporter.json`, content);
    }
  });

  test('gives what has a path to the role that has no token, and what the API tells to the other', () => {
    expect(Object.keys(configs(everything))).toEqual(['api', 'node']);
    expect(node?.backups.map(({ directory }) => directory)).toEqual(['/claims/dumps']);
    expect(node?.volumes.map(({ name }) => name)).toEqual(['uploads']);
    expect([node?.certificateSecrets, node?.certificateDiscovery, node?.cronJobs, node?.kubelet]).toEqual(
      new Array(4).fill(undefined),
    );
    expect([api?.backups, api?.volumes, api?.certificateFiles, api?.localPathClaims]).toEqual([[], [], [], undefined]);
    expect(api?.cronJobs).toEqual([
      { backup: 'database', purpose: 'backup', namespace: 'shop', name: 'dump' },
      { backup: 'database', purpose: 'cleanup', namespace: 'jobs', name: 'delete' },
    ]);
  });

  test('has a server asked by the role that also reads what it is compared with or verified by', () => {
    const names = (config: ExporterConfig | undefined) => config?.certificateEndpoints.map(({ name }) => name);
    expect(names(api)).toEqual(['of-secret', 'mail']);
    expect(names(node)).toEqual(['of-file', 'of-authority']);
  });

  test('has a claim asked of the kubelets, and looked for where the nodes keep local-path claims', () => {
    expect(api?.kubelet?.claims).toEqual([{ namespace: 'shop', name: 'data' }]);
    const root = '/var/lib/rancher/k3s/storage';
    expect(node?.localPathClaims).toEqual([{ name: 'data', namespace: 'shop', root, requested: 2 * 1024 ** 3 }]);
    const elsewhere = cluster({ volumes: [{ claim: 'data' }] });
    expect(Object.keys(configs(elsewhere))).toEqual(['api']);
  });

  test('is left out for a role with nothing to do, and stays where nothing is declared at all', () => {
    expect(Object.keys(configs(onlyPaths))).toEqual(['node']);
    expect(Object.keys(configs(cluster({})))).toEqual(['api']);
  });

  test('is written for a role exactly where it has something to watch', () => {
    const lists = [
      ...(['backups', 'volumes', 'certificateFiles', 'certificateEndpoints', 'certificateSecrets'] as const),
      ...(['certManager', 'cronJobs', 'localPathClaims', 'kubelet', 'certificateDiscovery'] as const),
    ];
    const watches = (config: ExporterConfig) =>
      lists.some((key) => config[key] !== undefined && !isDeepStrictEqual(config[key], []));
    const atKubelets = cluster({ volumes: [{ claim: 'data' }] });
    for (const stack of [everything, onlyPaths, atKubelets]) {
      const both: Stack = { ...stack, exporter: { ...stack.exporter, roles: ['api', 'node'] } };
      const watching = Object.entries(configs(both)).filter(([, config]) => watches(config));
      expect(watching.map(([role]) => role)).toEqual(stack.exporter.roles);
      expect(stack.exporter.roles.includes('node')).toBe(stack.exporter.node !== null);
    }
  });

  test('is taken by the exporter, with its secrets beside it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'lookout-exporter-'));
    for (const { path, content } of configFiles(everything)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const settings = loadSettings(join(folder, 'exporter/node/exporter.json'), { NODE_NAME: 'node-1' });
    const credentials = join(folder, 'exporter/node/credentials');
    expect(settings).toMatchObject({
      node: 'node-1',
      tokenFile: join(credentials, 'scrape-token'),
      certificateFiles: [{ passwordFile: join(credentials, 'certificate-host-password') }],
      listen: {
        tls: { certificate: join(credentials, 'exporter-certificate'), key: join(credentials, 'exporter-key') },
      },
    });
    expect(loadSettings(join(folder, 'exporter/api/exporter.json')).certManager).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });
});

describe('the scrape of the exporter', () => {
  test('is one job for both roles, whose pods on the nodes are found by their Service', () => {
    expect(exporterJob(everything)).toMatchObject({
      static_configs: [{ targets: ['lookout-exporter:9480'], labels: { namespace: 'shop', role: 'api' } }],
      dns_sd_configs: [{ names: ['lookout-exporter-node'], type: 'A', port: 9480 }],
      relabel_configs: [
        { target_label: 'namespace', replacement: 'shop' },
        { source_labels: ['role'], regex: '', target_label: 'role', replacement: 'node' },
      ],
    });
  });

  test('asks no role that is not there', () => {
    expect(exporterJob(onlyPaths)).not.toHaveProperty('static_configs');
    expect(exporterJob(cluster({}))).not.toHaveProperty('dns_sd_configs');
  });

  test('verifies the certificate with the authority of its Secret, whatever the address of the pod', () => {
    expect(exporterJob(everything)).toMatchObject({
      scheme: 'https',
      tls_config: { ca_file: 'credentials/exporter-authority', server_name: 'lookout-exporter' },
    });
    expect(exporterJob(onlyPaths)).not.toHaveProperty('scheme');
  });
});
