import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ShopConfig } from '../../../demo/app/config.ts';
import type { InboxConfig } from '../../../demo/inbox/config.ts';
import { issueCertificates } from '../../../demo/jobs/authority.ts';
import type { BackupJobConfig } from '../../../demo/jobs/config.ts';
import { directoryOf } from './claims.ts';
import { images } from './images.ts';
import { apply, kubectl } from './kubectl.ts';
import { demonstration } from './project-images.ts';

/** What an environment has to say of the demonstration in a namespace. */
export interface Demonstration {
  /** The shop's `/prometheus`, closed by the key `token` of the Secret `shop-metrics`. */
  readonly shop: string;
  /** Directory on the node into which the CronJob `shop-backup` dumps the shop's database each minute. */
  readonly backups: string;
  /** Takes mail, encrypted with a certificate of `authority`, and Slack messages; the Secret `inbox-webhook` has the webhook's address as its key `url`. */
  readonly inbox: { readonly smtp: string; readonly http: string };
  /** PEM. It has also issued the TLS Secret `exporter-certificate`, for the name `lookout-exporter`. */
  readonly authority: string;
}

const shopPort = 8080;
const smtpPort = 2525;
const httpPort = 8025;

/**
 * Installs the shop with a visitor, its CronJob and an inbox as pods,  and waits until they are ready.
 * @param folder for its certificates.
 */
export function installDemonstration(namespace: string, folder: string): Demonstration {
  const { authority, mail, exporter } = issue(namespace, folder);
  const claim = (name: string) => ({
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '64Mi' } } },
  });
  apply(
    claim('shop-data'),
    claim('shop-backups'),
    secret(namespace, 'shop-metrics', { token: randomBytes(16).toString('hex') }),
    secret(namespace, 'inbox-webhook', {
      url: `http://inbox.${namespace}.svc:${httpPort}/services/T/B/${randomBytes(8).toString('hex')}`,
    }),
    secret(namespace, 'inbox-certificate', mail),
    secret(namespace, 'exporter-certificate', { ...exporter, 'ca.crt': authority }),
    config(namespace, 'shop', shopConfig),
    config(namespace, 'inbox', inboxConfig(namespace)),
    config(namespace, 'dump', dumpConfig),
    workload(namespace, 'shop', shopPod),
    service(namespace, 'shop', [shopPort]),
    workload(namespace, 'inbox', inboxPod),
    service(namespace, 'inbox', [smtpPort, httpPort]),
    workload(namespace, 'visitor', visitorPod()),
  );
  for (const name of ['shop', 'inbox'])
    kubectl(['rollout', 'status', `deployment/${name}`, `--namespace=${namespace}`, '--timeout=120s']);
  const backups = directoryOf('shop-backups', namespace);
  apply(cronJob(namespace, backups));
  return {
    shop: `shop.${namespace}.svc:${shopPort}`,
    backups,
    inbox: { smtp: `inbox.${namespace}.svc:${smtpPort}`, http: `inbox.${namespace}.svc:${httpPort}` },
    authority,
  };
}

/** Certificates of the demonstration's own authority, as the data of TLS Secrets. */
export function issue(namespace: string, directory: string) {
  const certificate = (name: string, ...dnsNames: readonly string[]) => ({
    name,
    dnsNames,
    lifetimeDays: 30,
    renewBeforeDays: 1,
  });
  const certificates = [certificate('inbox', `inbox.${namespace}.svc`), certificate('exporter', 'lookout-exporter')];
  issueCertificates({ directory, certificates }, [], Date.now() / 1000);
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');
  const pair = (name: string) => ({ 'tls.crt': read(`${name}.pem`), 'tls.key': read(`${name}.key`) });
  return { authority: read('ca.pem'), mail: pair('inbox'), exporter: pair('exporter') };
}

const shopConfig: ShopConfig = {
  listen: { host: '0.0.0.0', port: shopPort },
  https: { host: '127.0.0.1', port: 8443, certificate: '/none/tls.crt', key: '/none/tls.key' },
  health: { host: '0.0.0.0', port: 8081 },
  tokenFile: '/etc/shop-token/token',
  database: '/data/shop.sqlite',
  faultsFile: '/data/faults.json',
  uploads: '/data/uploads',
  traces: null,
};

const inboxConfig = (namespace: string): InboxConfig => ({
  smtp: { host: '0.0.0.0', port: smtpPort },
  smtpTls: { certificate: '/etc/certificate/tls.crt', key: '/etc/certificate/tls.key' },
  http: { host: '0.0.0.0', port: httpPort },
  names: ['inbox', `inbox.${namespace}.svc`],
  directory: '/data/messages',
  webhookFile: '/etc/webhook/url',
  timezone: 'UTC',
  startPage: null,
});

const dumpConfig: BackupJobConfig = {
  database: shopConfig.database,
  directory: '/backups',
  requestFile: '/tmp/request',
  schedule: '* * * * *',
  timezone: 'UTC',
  retention: { age: 1800, floor: 3 },
};

const shopPod = {
  containers: [
    {
      ...program('shop', demonstration.shop),
      readinessProbe: { httpGet: { path: '/healthz', port: 8081 }, periodSeconds: 1 },
      volumeMounts: [...mounts('config:/etc/config', 'token:/etc/shop-token', 'data:/data', 'backups:/backups')],
    },
  ],
  volumes: [
    { name: 'config', configMap: { name: 'shop' } },
    { name: 'token', secret: { secretName: 'shop-metrics' } },
    { name: 'data', persistentVolumeClaim: { claimName: 'shop-data' } },
    { name: 'backups', persistentVolumeClaim: { claimName: 'shop-backups' } },
  ],
};

const inboxPod = {
  containers: [
    {
      ...program('inbox', demonstration.inbox),
      readinessProbe: { tcpSocket: { port: httpPort }, periodSeconds: 1 },
      volumeMounts: mounts('config:/etc/config', 'webhook:/etc/webhook', 'certificate:/etc/certificate', 'data:/data'),
    },
  ],
  volumes: [
    { name: 'config', configMap: { name: 'inbox' } },
    { name: 'certificate', secret: { secretName: 'inbox-certificate' } },
    { name: 'webhook', secret: { secretName: 'inbox-webhook' } },
    { name: 'data', emptyDir: {} },
  ],
};

const visit = `while true; do for page in / /products /products/1; do wget -q -O- http://shop:${shopPort}$page >/dev/null; done; sleep 0.5; done`;
const visitorPod = () => ({ containers: [{ name: 'visitor', image: images().busybox, command: ['sh', '-c', visit] }] });

function program(name: string, path: string) {
  return { name, image: images().demonstration, command: ['/bin/node', path, '--config', '/etc/config/config.json'] };
}

function mounts(...places: readonly string[]): readonly object[] {
  return places.map((place) => {
    const [name, mountPath] = place.split(':');
    return { name, mountPath };
  });
}

function cronJob(namespace: string, directory: string): object {
  const container = {
    ...program('dump', demonstration.dump),
    volumeMounts: mounts('config:/etc/config', 'data:/data', 'backups:/backups'),
  };
  const volumes = [
    { name: 'config', configMap: { name: 'dump' } },
    { name: 'data', persistentVolumeClaim: { claimName: 'shop-data' } },
    { name: 'backups', hostPath: { path: directory, type: 'Directory' } },
  ];
  const template = { spec: { restartPolicy: 'Never', containers: [container], volumes } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'shop-backup', namespace },
    spec: { schedule: '* * * * *', concurrencyPolicy: 'Forbid', jobTemplate: { spec: { template } } },
  };
}

function workload(namespace: string, name: string, pod: object): object {
  const labels = { app: name };
  const spec = { terminationGracePeriodSeconds: 1, ...pod };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

function service(namespace: string, name: string, ports: readonly number[]): object {
  const spec = { selector: { app: name }, ports: ports.map((port) => ({ name: `port-${port}`, port })) };
  return { kind: 'Service', metadata: { name, namespace }, spec };
}

function config(namespace: string, name: string, content: object): object {
  return { kind: 'ConfigMap', metadata: { name, namespace }, data: { 'config.json': JSON.stringify(content) } };
}

function secret(namespace: string, name: string, values: Readonly<Record<string, string>>): object {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return { kind: 'Secret', metadata: { name, namespace }, data: Object.fromEntries(data) };
}
