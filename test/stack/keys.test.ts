import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { manifests } from '../../k8s/index.ts';
import { kubernetesFiles } from '../../provision/build/kubernetes.ts';
import { buildOutputs } from '../../provision/build/outputs.ts';
import { environmentJsonSchema } from '../../stack/json-schema.ts';
import { parsePath } from '../../stack/tree.ts';
import type { Platform, Stack } from '../../stack/types.ts';
import { load } from './load.ts';

/** For each key of the schema a value that differs from the bases below, on the platform on which it counts. */
const changes: Readonly<Record<string, { readonly to: unknown; readonly on?: Platform }>> = {
  platform: { to: 'kubernetes' },
  namespace: { to: 'other' },
  timezone: { to: 'Asia/Almaty' },
  pace: { to: 3 },
  'applications[].name': { to: 'other' },
  'applications[].metrics.address': { to: 'other:1' },
  'applications[].metrics.path': { to: '/other' },
  'applications[].metrics.scheme': { to: 'https' },
  'applications[].metrics.interval': { to: '7s' },
  'applications[].metrics.token': { to: { env: 'OTHER' } },
  'applications[].convention': { to: 'fastapi-instrumentator' },
  'probes[].name': { to: 'other', on: 'kubernetes' },
  'probes[].url': { to: 'https://other.test/', on: 'kubernetes' },
  'probes[1].tcp': { to: 'other.test:1', on: 'kubernetes' },
  'probes[].status': { to: [204], on: 'kubernetes' },
  'probes[].redirects': { to: false, on: 'kubernetes' },
  'probes[].contains': { to: 'Welcome (a+b)', on: 'kubernetes' },
  'probes[].trusted': { to: false, on: 'kubernetes' },
  'probes[].interval': { to: '60s', on: 'kubernetes' },
  'probes[].timeout': { to: '9s', on: 'kubernetes' },
  'probes[].module': { to: 'http_post_2xx', on: 'kubernetes' },
  'databases[].name': { to: 'other' },
  'databases[].engine': { to: 'mongodb' },
  'databases[].exporter': { to: { existing: 'other:9187' } },
  'databases[].address': { to: 'other.test', on: 'kubernetes' },
  'databases[].database': { to: 'other', on: 'kubernetes' },
  'databases[].user': { to: { secret: 'database', key: 'user' }, on: 'kubernetes' },
  'databases[].password': { to: { secret: 'other', key: 'password' }, on: 'kubernetes' },
  'databases[].tls': { to: 'verified', on: 'kubernetes' },
  'databases[].connection': { to: { secret: 'other', key: 'DB_URL' }, on: 'kubernetes' },
  'backups[].name': { to: 'other' },
  'backups[].directory': { to: '/other' },
  'backups[].claim': { to: 'other', on: 'kubernetes' },
  'backups[].pattern': { to: 'other_%F' },
  'backups[].engine': { to: 'files' },
  'backups[].schedule': { to: '1 1 * * *' },
  'backups[].timezone': { to: 'Asia/Almaty' },
  'backups[].clock': { to: 'Asia/Almaty' },
  'backups[1].expectedInterval': { to: '2h' },
  'backups[].grace': { to: '3m' },
  'backups[].settle': { to: '3m' },
  'backups[].retention.age': { to: '3d' },
  'backups[].retention.tolerance': { to: '3h' },
  'backups[].retention.floor': { to: 9 },
  'backups[].ignore': { to: ['*.log'] },
  'backups[].others': { to: ['manual_*'] },
  'backups[].cronJob': { to: 'dump', on: 'kubernetes' },
  'backups[].cleanup': { to: { namespace: 'jobs', name: 'delete' }, on: 'kubernetes' },
  'volumes[].name': { to: 'other' },
  'volumes[].namespace': { to: 'other' },
  'volumes[].claim': { to: 'other', on: 'kubernetes' },
  'volumes[].directory': { to: '/other' },
  'volumes[].size': { to: '9Gi' },
  'certificates.files[].name': { to: 'other' },
  'certificates.files[].path': { to: '/other.pem' },
  'certificates.files[].claim': { to: 'other', on: 'kubernetes' },
  'certificates.files[].password': { to: { env: 'OTHER' } },
  'certificates.secrets[].name': { to: 'other', on: 'kubernetes' },
  'certificates.secrets[].namespace': { to: 'other', on: 'kubernetes' },
  'certificates.secrets[].secret': { to: 'other', on: 'kubernetes' },
  'certificates.certManager[].name': { to: 'other', on: 'kubernetes' },
  'certificates.certManager[].namespace': { to: 'other', on: 'kubernetes' },
  'certificates.certManager[].certificate': { to: 'other', on: 'kubernetes' },
  'certificates.discover': { to: 'everywhere', on: 'kubernetes' },
  'certificates.endpoints[].name': { to: 'other' },
  'certificates.endpoints[].address': { to: 'other.test:8443' },
  'certificates.endpoints[].serverName': { to: 'other.test' },
  'certificates.endpoints[].authority': { to: '/other.pem' },
  'certificates.endpoints[].expects': { to: 'mail' },
  'certificates.endpoints[].timeout': { to: '9s' },
  'certificates.endpoints[].starttls': { to: 'smtp' },
  'cluster.context': { to: 'other', on: 'kubernetes' },
  'cluster.namespace': { to: 'other', on: 'kubernetes' },
  'cluster.access': { to: 'namespace', on: 'kubernetes' },
  'cluster.distribution': { to: 'k3s', on: 'kubernetes' },
  'cluster.localPath': { to: '/opt/local-path', on: 'kubernetes' },
  flavour: { to: 'operator', on: 'kubernetes' },
  'operator.labels.*': { to: 'prometheus', on: 'kubernetes' },
  'operator.dashboards': { to: 'sidecar', on: 'kubernetes' },
  'operator.grafana.*': { to: 'shop', on: 'kubernetes' },
  'delivery.kind': { to: 'files', on: 'kubernetes' },
  'delivery.gitops': { to: 'flux', on: 'kubernetes' },
  'delivery.source.repository': { to: 'other', on: 'kubernetes' },
  'delivery.source.path': { to: 'other', on: 'kubernetes' },
  'delivery.source.revision': { to: 'other', on: 'kubernetes' },
  'delivery.source.namespace': { to: 'other', on: 'kubernetes' },
  'delivery.sops': { to: [`age1${'q'.repeat(58)}`], on: 'kubernetes' },
  'components.prometheus': { to: { existing: 'prometheus.monitoring:9090' }, on: 'kubernetes' },
  'components.alertmanager': { to: { existing: 'alertmanager.monitoring:9093' }, on: 'kubernetes' },
  'components.grafana': { to: 'none', on: 'kubernetes' },
  'components.kubeStateMetrics': { to: 'install', on: 'kubernetes' },
  'components.nodeExporter': { to: { existing: 'node-exporter.monitoring:9100' }, on: 'kubernetes' },
  'components.blackbox': { to: { existing: 'blackbox.monitoring:9115' }, on: 'kubernetes' },
  'components.postgresExporter': { to: { existing: 'postgres-exporter:9187' }, on: 'kubernetes' },
  'components.mongodbExporter': { to: { existing: 'mongodb-exporter:9216' }, on: 'kubernetes' },
  'components.redisExporter': { to: { existing: 'redis-exporter:9121' }, on: 'kubernetes' },
  'components.otelCollector': { to: 'install', on: 'kubernetes' },
  'components.jaeger': { to: { existing: 'jaeger.tracing:16686' }, on: 'kubernetes' },
  'jaeger.retention': { to: '3d', on: 'kubernetes' },
  'jaeger.memory': { to: 500, on: 'kubernetes' },
  'jaeger.storage.size': { to: '20Gi', on: 'kubernetes' },
  'jaeger.storage.class': { to: 'fast', on: 'kubernetes' },
  'jaeger.storage.claim': { to: 'traces', on: 'kubernetes' },
  'images.registry': { to: 'registry.shop.test/mirror', on: 'kubernetes' },
  'images.pullSecrets': { to: ['registry'], on: 'kubernetes' },
  'prometheus.storage.size': { to: '20Gi', on: 'kubernetes' },
  'prometheus.storage.class': { to: 'fast', on: 'kubernetes' },
  'prometheus.storage.claim': { to: 'metrics', on: 'kubernetes' },
  'prometheus.replicas': { to: 2, on: 'kubernetes' },
  'alertmanager.replicas': { to: 2, on: 'kubernetes' },
  'alertmanager.storage.size': { to: '2Gi', on: 'kubernetes' },
  'alertmanager.storage.class': { to: 'fast', on: 'kubernetes' },
  'alertmanager.storage.claim': { to: 'silences', on: 'kubernetes' },
  'grafana.storage.size': { to: '2Gi', on: 'kubernetes' },
  'grafana.storage.class': { to: 'fast', on: 'kubernetes' },
  'grafana.storage.claim': { to: 'dashboards', on: 'kubernetes' },
  'grafana.access.ingress.host': { to: 'other.test', on: 'kubernetes' },
  'grafana.access.ingress.path': { to: '/other', on: 'kubernetes' },
  'grafana.access.ingress.class': { to: 'nginx', on: 'kubernetes' },
  'grafana.access.ingress.issuer': { to: 'letsencrypt', on: 'kubernetes' },
  'grafana.access.ingress.tlsSecret': { to: 'other-tls', on: 'kubernetes' },
  'grafana.access.route.host': { to: 'other.test', on: 'kubernetes' },
  'grafana.access.route.path': { to: '/other', on: 'kubernetes' },
  'grafana.access.gateway.host': { to: 'other.test', on: 'kubernetes' },
  'grafana.access.gateway.path': { to: '/other', on: 'kubernetes' },
  'grafana.auth.proxy.header': { to: 'X-Other', on: 'kubernetes' },
  'grafana.auth.proxy.from': { to: ['192.0.2.0/24'], on: 'kubernetes' },
  'grafana.auth.jwt.header': { to: 'X-Other', on: 'kubernetes' },
  'grafana.auth.jwt.jwkSetUrl': { to: 'https://other.test/keys', on: 'kubernetes' },
  'grafana.auth.jwt.issuer': { to: 'https://other.test', on: 'kubernetes' },
  'grafana.auth.jwt.audience': { to: 'other', on: 'kubernetes' },
  'grafana.auth.jwt.user': { to: 'name', on: 'kubernetes' },
  'grafana.auth.jwt.email': { to: 'mail', on: 'kubernetes' },
  'grafana.auth.jwt.role': { to: "'Editor'", on: 'kubernetes' },
  'grafana.auth.oidc.name': { to: 'Other', on: 'kubernetes' },
  'grafana.auth.oidc.client': { to: 'other', on: 'kubernetes' },
  'grafana.auth.oidc.clientSecret': { to: { env: 'OTHER' }, on: 'kubernetes' },
  'grafana.auth.oidc.authUrl': { to: 'https://other.test/a', on: 'kubernetes' },
  'grafana.auth.oidc.tokenUrl': { to: 'https://other.test/t', on: 'kubernetes' },
  'grafana.auth.oidc.apiUrl': { to: 'https://other.test/u', on: 'kubernetes' },
  'grafana.auth.oidc.scopes': { to: ['openid', 'groups'], on: 'kubernetes' },
  'grafana.auth.oidc.role': { to: "'Editor'", on: 'kubernetes' },
  'exporter.tls.secret': { to: 'other', on: 'kubernetes' },
  'exporter.tls.serverName': { to: 'other.test', on: 'kubernetes' },
  'exporter.nodes.*': { to: 'other', on: 'kubernetes' },
  'exporter.traces': { to: 'http://traces:4318' },
  'intervals.scrape': { to: '20s' },
  'intervals.evaluation': { to: '20s' },
  'intervals.collection': { to: '20s' },
  'intervals.groupWait': { to: '20s' },
  'intervals.groupInterval': { to: '20s' },
  'intervals.repeat': { to: '20h' },
  'prometheus.version': { to: '3.1' },
  'prometheus.retention.time': { to: '20d', on: 'kubernetes' },
  'prometheus.retention.size': { to: '5Gi', on: 'kubernetes' },
  'alertmanager.version': { to: '0.28' },
  'alertmanager.email.smarthost': { to: 'other.test:25' },
  'alertmanager.email.from': { to: 'other@shop.test' },
  'alertmanager.email.to': { to: ['other@shop.test'] },
  'alertmanager.email.user': { to: 'other' },
  'alertmanager.email.password': { to: { env: 'OTHER' } },
  'alertmanager.email.tls': { to: false },
  'alertmanager.slack.webhook': { to: { env: 'OTHER' } },
  'alertmanager.slack.channel': { to: '#other' },
  'alertmanager.heartbeat': { to: { env: 'OTHER' } },
  'grafana.url': { to: 'https://other.test' },
  'alerts.*.threshold': { to: '70%' },
  'alerts.*.for': { to: '3m' },
  'alerts.*.severity': { to: 'info' },
  'alerts.*.enabled': { to: false },
  'local.demonstration': { to: true },
  'instances[].name': { to: 'other' },
};

const base = {
  platform: 'local',
  namespace: 'shop',
  applications: [{ name: 'shop', metrics: { address: 'shop:8000' } }],
  databases: [{ name: 'shop', engine: 'postgres', exporter: { existing: 'shop:9187' } }],
  backups: [
    {
      name: 'database',
      directory: '/dumps',
      pattern: '%F',
      engine: 'sqlite',
      schedule: '@daily',
      retention: { age: '1d' },
    },
    { name: 'files', directory: '/files', pattern: '%F', engine: 'files', expectedInterval: '1h' },
  ],
  volumes: [{ name: 'data', directory: '/data' }],
  certificates: {
    files: [
      { name: 'web', path: '/web.pem' },
      { name: 'mail', path: '/mail.pem' },
    ],
    endpoints: [{ name: 'server', address: 'shop.test' }],
  },
  alertmanager: {
    email: {
      smarthost: '127.0.0.1:25',
      from: 'lookout@shop.test',
      to: ['you@shop.test'],
      user: 'me',
      password: { env: 'SMTP' },
    },
    slack: { webhook: { env: 'SLACK' }, channel: '#alerts' },
  },
  instances: [{ name: 'prod' }],
};

/** The same in a cluster, with what only a cluster has, and nothing in a claim but the claim itself. */
const clusterBase = {
  ...base,
  platform: 'kubernetes',
  backups: base.backups.map(({ directory: _, ...backup }) => ({ ...backup, claim: 'dumps' })),
  databases: [
    {
      name: 'shop',
      engine: 'postgres',
      address: 'postgres',
      user: 'lookout',
      password: { secret: 'database', key: 'password' },
    },
  ],
  volumes: [{ claim: 'data' }],
  probes: [
    { name: 'login', url: 'https://shop.test/login' },
    { name: 'database', tcp: 'database:5432' },
  ],
  certificates: {
    files: [{ name: 'web', path: 'web.pem', claim: 'certificates' }],
    secrets: [{ name: 'mail', secret: 'mail-tls' }],
    certManager: [{ name: 'api', certificate: 'api-tls' }],
  },
  exporter: { tls: { secret: 'exporter-tls' }, nodes: { disk: 'own' } },
  alertmanager: {},
  prometheus: { storage: { size: '10Gi' } },
  grafana: { access: { ingress: { host: 'grafana.test' } } },
};

const access = { ingress: { host: 'grafana.test' } };
const oidc = {
  client: 'grafana',
  clientSecret: { env: 'CLIENT' },
  authUrl: 'https://a.test/a',
  tokenUrl: 'https://a.test/t',
  apiUrl: 'https://a.test/u',
};

/** One that is there already, by whichever address. */
function exporterOf(engine: string): object {
  return {
    databases: [{ name: 'shop', engine }],
    components: { [`${engine}Exporter`]: { existing: 'other:1' } },
  };
}

/** What the base above must say besides, or instead, for a key to be allowed. */
const beside: readonly (readonly [keys: RegExp, keys: object])[] = [
  [/^cluster\.namespace$/, { backups: [], certificates: {} }],
  [
    /^grafana\.access\.route/,
    { cluster: { distribution: 'openshift' }, grafana: { access: { route: { host: 'a.test' } } } },
  ],
  [/^grafana\.access\.gateway/, { grafana: { access: { gateway: { host: 'a.test' } } } }],
  [/^grafana\.auth\.proxy/, { grafana: { access, auth: { proxy: { from: ['10.0.0.0/8'] } } } }],
  [
    /^grafana\.auth\.jwt/,
    { grafana: { access, auth: { jwt: { jwkSetUrl: 'https://a.test/keys', issuer: 'https://a.test' } } } },
  ],
  [/^grafana\.auth\.oidc/, { grafana: { access, auth: { oidc } } }],
  [/^flavour$|^operator\./, { prometheus: {}, grafana: {} }],
  [/^operator\./, { flavour: 'operator' }],
  [/^delivery\.gitops$/, { delivery: { kind: 'files', sops: [`age1${'p'.repeat(58)}`] } }],
  [/^delivery\.sops$/, { delivery: { kind: 'files', gitops: 'flux' } }],
  [
    /^delivery\.source/,
    { delivery: { kind: 'files', gitops: 'argocd', source: { repository: 'https://git.test/a.git', path: 'a' } } },
  ],
  [/^probes\[\]\.module$/, { components: { blackbox: { existing: 'blackbox.monitoring:9115' } } }],
  [
    /^databases\[\]\.connection$/,
    { databases: [{ name: 'shop', engine: 'postgres', connection: { secret: 'database', key: 'url' } }] },
  ],
  [/^components\.postgresExporter$/, exporterOf('postgres')],
  [/^components\.mongodbExporter$/, exporterOf('mongodb')],
  [/^components\.redisExporter$/, exporterOf('redis')],
  [/^jaeger\./, { components: { jaeger: 'install' } }],
  [/^components\.grafana$/, { grafana: {} }],
  [/^components\.prometheus$/, { prometheus: {} }],
];

/** What stands in no file and no object: where secrets and the cluster are found, and which programs run. */
const forProvisioning = new Set([
  'cluster.context',
  'alertmanager.email.password',
  'alertmanager.slack.webhook',
  'grafana.auth.oidc.clientSecret',
  'local.demonstration',
]);

describe('every key of the schema', () => {
  const keys = keysOf(JSON.parse(environmentJsonSchema()) as Schema).filter((key) => !isOverride(key));
  const table = new Set(Object.keys(changes).map((key) => key.replace('[1]', '[]')));

  test('is in the table of this test, and nothing else is', () => {
    expect([...table].sort()).toEqual([...keys].sort());
  });

  const builtBefore = new Map<string, unknown>();
  const once = (environment: unknown): unknown => {
    const text = stringify(environment);
    const found = builtBefore.get(text) ?? built(environment);
    builtBefore.set(text, found);
    return found;
  };

  test.each(Object.entries(changes))('%s changes what is built', (key, { to, on = 'local' }) => {
    const path = parsePath(key.replaceAll('[]', '[0]').replace('*', 'BackupMissed'));
    const more = beside.filter(([keys]) => keys.test(key)).map(([, keys]) => keys);
    const before = on === 'local' ? base : Object.assign({}, clusterBase, ...more);
    const after = changed(before, path, to);
    expect(resolved(after)).not.toEqual(resolved(before));
    if (!forProvisioning.has(key)) expect(isDeepStrictEqual(built(after), once(before))).toBe(false);
  });

  test('can be overridden by an instance', () => {
    const all = (JSON.parse(environmentJsonSchema()) as Schema).properties ?? {};
    const overrides = all['instances']?.items?.properties ?? {};
    expect(Object.keys(overrides).sort()).toEqual(
      [...Object.keys(all).filter((key) => key !== 'instances'), 'name'].sort(),
    );
  });
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
}

function keysOf(schema: Schema): string[] {
  const below = (name: string, value: Schema): string[] => {
    const keys = keysOf(value).map((key) => (key.startsWith('[') ? `${name}${key}` : `${name}.${key}`));
    return keys.length === 0 ? [name] : keys;
  };
  const { properties = {}, items, additionalProperties } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, value]) => below(name, value)),
    ...(items === undefined || keysOf(items).length === 0 ? [] : below('[]', items)),
    ...(typeof additionalProperties === 'object' ? below('*', additionalProperties) : []),
  ];
}

function isOverride(key: string): boolean {
  return key.startsWith('instances[].') && key !== 'instances[].name';
}

function changed(value: unknown, [part, ...rest]: readonly (string | number)[], to: unknown): unknown {
  if (part === undefined) return to;
  if (typeof part === 'number') {
    return (Array.isArray(value) ? value : []).map((item: unknown, index) =>
      index === part ? changed(item, rest, to) : item,
    );
  }
  const record: Readonly<Record<string, unknown>> = typeof value === 'object' && value !== null ? { ...value } : {};
  return { ...record, [part]: changed(record[part], rest, to) };
}

function built(environment: unknown): unknown {
  return resolved(environment).map((stack) => {
    const files = buildOutputs(stack);
    return [files, manifests(stack, files), kubernetesFiles(stack, files)];
  });
}

function resolved(environment: unknown): readonly Stack[] {
  return load(stringify(environment)).stacks.map(({ stack }) => stack);
}
