import type { ClusterSettings, SecretReference, Stack } from '../../stack/types.ts';
import { productionStack, telemetryStack } from '../support/stacks.ts';

const base = productionStack.cluster!;
const generated = ['grafana-password', 'grafana-secret-key', 'smtp-password'];
const secrets: Stack['secrets'] = {
  ...productionStack.secrets,
  ...Object.fromEntries(generated.map((name): [string, SecretReference] => [name, { kind: 'generate' }])),
};
const gigabyte = 1024 ** 3;

const [served] = productionStack.certificates.endpoints;

/** One of each engine and of each way to get in. */
const everyDatabase: Stack['databases'] = [
  {
    name: 'shop',
    engine: 'postgres',
    exporter: 'lookout-database-shop:9187',
    access: {
      kind: 'server',
      address: 'postgres.databases.svc:5432',
      database: 'shop',
      user: { secret: 'database-shop-user' },
      password: 'database-shop-password',
      tls: 'verified',
    },
  },
  {
    name: 'reports',
    engine: 'postgres',
    exporter: 'lookout-database-reports:9187',
    access: { kind: 'connection', connection: 'database-reports-connection' },
  },
  {
    name: 'sessions',
    engine: 'mongodb',
    exporter: 'lookout-database-sessions:9216',
    access: {
      kind: 'server',
      address: 'mongodb:27017',
      database: 'admin',
      user: { name: 'lookout' },
      password: 'database-sessions-password',
      tls: 'encrypted',
    },
  },
  {
    name: 'queue',
    engine: 'redis',
    exporter: 'lookout-database-queue:9121',
    access: { kind: 'server', address: 'redis:6379', database: null, user: null, password: null, tls: 'none' },
  },
];

/** What the exporter watches where a kind says nothing else: directories of the node. */
const watched: Partial<Stack> = {
  backups: productionStack.backups.map((backup) => ({ ...backup, cronJob: null, cleanup: null })),
  certificates: {
    ...productionStack.certificates,
    secrets: [],
    certManager: [],
    discover: null,
    endpoints: [served!, { ...served!, name: 'public', authority: null, expects: null }],
  },
};

function variant(cluster: Partial<ClusterSettings>, more: Partial<Stack> = {}): Stack {
  return { ...productionStack, secrets, ...watched, ...more, cluster: { ...base, ...cluster } };
}

/** One stack of each kind of environment that objects differ for. */
export const variants: Readonly<Record<string, Stack>> = {
  /** Everything is ours, nothing is reached from outside; directories of the nodes are read. */
  standalone: variant({}),
  /** k3s: Grafana behind an Ingress with a certificate of cert-manager, local-path claims, all of the API that is watched. */
  k3s: variant(
    {
      distribution: 'k3s',
      components: { ...base.components, kubeStateMetrics: { kind: 'install' } },
      localPath: '/var/lib/rancher/k3s/storage',
      grafana: {
        ...base.grafana,
        exposure: {
          kind: 'ingress',
          host: 'grafana.example.com',
          path: '',
          ingressClass: 'traefik',
          issuer: 'letsencrypt',
          tlsSecret: null,
        },
      },
    },
    {
      backups: productionStack.backups.map((backup) => ({
        ...backup,
        cronJob: { namespace: 'shop', name: 'dump' },
        cleanup: { namespace: 'jobs', name: 'dump-cleanup' },
      })),
      volumes: [{ name: 'redis', namespace: 'shop', directory: null, claim: 'redis', requested: 5 * gigabyte }],
      certificates: {
        ...productionStack.certificates,
        files: [],
        certManager: [{ name: 'api', namespace: 'shop', certificate: 'api-tls' }],
        secrets: [
          { name: 'web', namespace: 'shop', secret: 'web-tls' },
          { name: 'mail', namespace: 'shop', secret: 'mail-tls' },
        ],
        discover: { namespaces: ['other'] },
        endpoints: [],
      },
      exporter: {
        ...productionStack.exporter,
        node: {
          address: 'lookout-exporter-node:9480',
          mounts: [
            { kind: 'host', path: '/state/demo/backups' },
            { kind: 'host', path: '/var/lib/rancher/k3s/storage' },
          ],
          nodes: { 'honeydue/redis': 'true' },
        },
      },
    },
  ),
  /** One OpenShift project: no user of ours, a Route, a claim is read beside what writes it. */
  openshift: variant(
    {
      distribution: 'openshift',
      access: 'namespace',
      grafana: { ...base.grafana, exposure: { kind: 'route', host: 'grafana.apps.example.com', path: '' } },
    },
    {
      backups: [],
      volumes: [
        { name: 'db-dumps', namespace: 'shop', directory: '/claims/db-dumps', claim: 'db-dumps', requested: null },
      ],
      certificates: {
        ...productionStack.certificates,
        files: [],
        secrets: [],
        certManager: [],
        discover: null,
        endpoints: [],
      },
      exporter: {
        ...productionStack.exporter,
        roles: ['node'],
        node: {
          address: 'lookout-exporter-node:9480',
          mounts: [{ kind: 'claim', claim: 'db-dumps', path: '/claims/db-dumps' }],
          nodes: {},
        },
      },
    },
  ),
  /** Behind somebody's gateway, on claims that exist, from a registry of one's own, with the user's own Secrets. */
  gateway: variant(
    {
      grafana: {
        ...base.grafana,
        exposure: { kind: 'gateway', host: 'gateway.example.com', path: '/monitor' },
        auth: { kind: 'proxy', header: 'X-Forwarded-User', from: ['10.42.0.0/16', 'fd00::/8'] },
      },
      storage: {
        prometheus: { size: 10 * gigabyte, storageClass: null, claim: 'prometheus-data' },
        alertmanager: { size: gigabyte, storageClass: 'nas', claim: null },
        grafana: { size: 1500 * 1024 ** 2, storageClass: null, claim: null },
        jaeger: { size: 5 * gigabyte, storageClass: null, claim: null },
      },
      images: { registry: 'registry.example.com/mirror', pullSecrets: ['mirror'] },
    },
    {
      grafana: { url: 'https://gateway.example.com/monitor' },
      secrets: {
        ...secrets,
        'application-shop-token': { kind: 'kubernetes', secret: 'shop-metrics', key: 'token' },
        'smtp-password': { kind: 'kubernetes', secret: 'mail', key: 'password' },
        'scrape-token': { kind: 'kubernetes', secret: 'scrape', key: 'bearer' },
      },
    },
  ),
  /** Everything that can be installed, with rights in the namespace only, and people who log in elsewhere. */
  full: variant(
    {
      access: 'namespace',
      components: {
        ...base.components,
        kubeStateMetrics: { kind: 'install' },
        nodeExporter: { kind: 'install' },
        postgresExporter: { kind: 'install' },
        mongodbExporter: { kind: 'install' },
        redisExporter: { kind: 'install' },
      },
      grafana: {
        ...base.grafana,
        exposure: {
          kind: 'ingress',
          host: 'grafana.example.com',
          path: '',
          ingressClass: null,
          issuer: 'letsencrypt',
          tlsSecret: null,
        },
        auth: {
          kind: 'oidc',
          name: 'Company',
          client: 'grafana',
          clientSecret: 'grafana-client-secret',
          authUrl: 'https://sso.example.com/authorize',
          tokenUrl: 'https://sso.example.com/token',
          apiUrl: 'https://sso.example.com/userinfo',
          scopes: ['openid', 'profile', 'email', 'groups'],
          role: "contains(groups, 'operators') && 'Admin' || 'Viewer'",
        },
      },
    },
    {
      grafana: { url: 'https://grafana.example.com' },
      databases: everyDatabase,
      secrets: {
        ...secrets,
        'database-shop-user': { kind: 'kubernetes', secret: 'shop-database', key: 'user' },
        'database-shop-password': { kind: 'kubernetes', secret: 'shop-database', key: 'password' },
        'database-sessions-password': { kind: 'env', name: 'SESSIONS_PASSWORD' },
        'database-reports-connection': { kind: 'kubernetes', secret: 'backend', key: 'DB_URL' },
        'grafana-client-secret': { kind: 'kubernetes', secret: 'sso', key: 'client-secret' },
      },
    },
  ),
  /** Two of each, of which either may fail. */
  replicated: variant(
    {},
    {
      prometheus: { ...productionStack.prometheus, replicas: 2 },
      alertmanager: { ...productionStack.alertmanager, replicas: 2 },
    },
  ),
  /** Applications send what they measure; the namespace of Lookout's objects is another than theirs. */
  telemetry: variant({ ...telemetryStack.cluster!, namespace: 'monitoring' }, { exporter: telemetryStack.exporter }),
  /** Traces go to Jaeger at once, which keeps them in memory. */
  traces: variant(
    {
      components: { ...base.components, jaeger: { kind: 'install' } },
      jaeger: { retention: 604_800, memory: 20_000 },
    },
    { exporter: { ...productionStack.exporter, traces: 'http://lookout-jaeger:4318' } },
  ),
  /** What is there already is used: only the exporter is ours. */
  existing: variant({
    components: {
      ...base.components,
      prometheus: { kind: 'existing', address: 'prometheus.monitoring:9090' },
      alertmanager: { kind: 'existing', address: 'alertmanager.monitoring:9093' },
      grafana: { kind: 'none' },
    },
  }),
};
