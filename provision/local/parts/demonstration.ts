import { join } from 'node:path';
import { UserError } from '../../../common/problems.ts';
import type { ShopConfig } from '../../../demo/app/config.ts';
import type { IssuedCertificate, JobsConfig } from '../../../demo/jobs/config.ts';
import { demoPaths } from '../../../demo/paths.ts';
import { type Application, type Backup, credentialPath, type OutputFile, type Stack } from '../../../stack/types.ts';
import type { LocalPaths } from '../paths.ts';
import type { PartSpec } from '../types.ts';
import { listenAt, loopback } from './address.ts';
import type { HealthPorts, PartContext } from './context.ts';
import { nodePart } from './node.ts';

/** Where the shop listens. */
export interface DemonstrationAddresses {
  readonly demoApp: string;
  readonly demoHttps: string;
  readonly health: HealthPorts;
}

/** Certificates of different remaining lifetimes, from a small authority of our own. */
const certificates: readonly IssuedCertificate[] = [
  { name: 'shop-web', dnsNames: ['shop.test', 'localhost'], lifetimeDays: 90, renewBeforeDays: 30 },
  { name: 'shop-api', dnsNames: ['api.shop.test'], lifetimeDays: 365, renewBeforeDays: 60 },
  { name: 'shop-mail', dnsNames: ['mail.shop.test'], lifetimeDays: 45, renewBeforeDays: 30 },
];

/** The configuration of the demonstration's parts. */
export function demonstrationFiles(
  stack: Stack,
  paths: LocalPaths,
  addresses: DemonstrationAddresses,
): readonly OutputFile[] {
  const json = (path: string, config: ShopConfig | JobsConfig) => ({
    path,
    content: `${JSON.stringify(config, null, 2)}\n`,
  });
  return [
    json('app/app.json', shopConfig(stack, paths, addresses)),
    json('jobs/jobs.json', jobsConfig(stack, paths, addresses)),
  ];
}

export function demonstrationParts(context: PartContext, { demoApp, demoHttps }: DemonstrationAddresses): PartSpec[] {
  const { app, jobs } = context.clients;
  if (app === null || jobs === null) return [];
  return [
    nodePart(
      {
        name: 'app',
        title: 'Demonstration shop',
        client: app,
        addresses: [
          { title: 'shop', address: `http://${demoApp}/` },
          { title: 'shop by TLS', address: `https://${demoHttps}/` },
        ],
      },
      context,
    ),
    nodePart(
      {
        name: 'jobs',
        title: 'Demonstration jobs',
        client: jobs,
        after: ['app'],
        addresses: [],
      },
      context,
    ),
  ];
}

function shopConfig(stack: Stack, paths: LocalPaths, addresses: DemonstrationAddresses): ShopConfig {
  const demo = demoPaths(paths.demo);
  const web = demo.certificate('shop-web');
  const inbox = stack.local?.inbox;
  return {
    listen: listenAt(addresses.demoApp),
    https: { ...listenAt(addresses.demoHttps), certificate: web.certificate, key: web.key },
    health: loopback(addresses.health.app),
    tokenFile: join(paths.config('app'), credentialPath(shopToken(shop(stack, addresses)))),
    database: demo.database,
    faultsFile: demo.shopFaults,
    uploads: demo.uploads,
    traces: inbox ? { endpoint: `http://${inbox.http}/v1/traces`, ratio: 0.1 } : null,
  };
}

function jobsConfig(stack: Stack, paths: LocalPaths, addresses: DemonstrationAddresses): JobsConfig {
  const demo = demoPaths(paths.demo);
  const { schedule, timezone, retention } = shopBackup(stack, demo.backups);
  return {
    health: loopback(addresses.health.jobs),
    visitor: { shop: `http://${addresses.demoApp}`, requestsPerSecond: 4 },
    backup: {
      database: demo.database,
      directory: demo.backups,
      requestFile: demo.backupRequest,
      schedule: schedule ?? '* * * * *',
      timezone,
      retention: { age: retention?.age ?? 1800, floor: retention?.floor ?? 3 },
    },
    authority: { directory: demo.certificates, certificates },
    faultsFile: demo.jobFaults,
  };
}

function shop(stack: Stack, { demoApp }: DemonstrationAddresses): Application {
  const found = stack.applications.find(({ metrics }) => metrics?.address === demoApp);
  if (found === undefined) throw missing('an application with the address LOOKOUT_DEMO_APP');
  return found;
}

function shopToken({ metrics }: Application): string {
  if (!metrics?.token) throw missing('a metrics token of the shop');
  return metrics.token;
}

function shopBackup({ backups }: Stack, directory: string): Backup {
  const found = backups.find((backup) => backup.directory === directory);
  if (found === undefined) throw missing('a backup in LOOKOUT_STATE/demo/backups');
  return found;
}

function missing(what: string): UserError {
  return new UserError(
    `local.demonstration needs ${what}, as in environments/local/environment.yaml; add it or remove local.demonstration`,
  );
}
