import { defaults } from './defaults.ts';
import type { Locate } from './placement.ts';
import { paced } from './records.ts';
import type { Declared } from './schema/environment.ts';
import { secretNames } from './secrets.ts';
import type { Application, Backup, CertificateEndpoint, Intervals, Retention, Stack, Volume } from './types.ts';

type Item<Key extends 'applications' | 'backups' | 'volumes'> = NonNullable<Declared[Key]>[number];

export function resolveApplication(
  { name, metrics, convention }: Item<'applications'>,
  intervals: Intervals,
  pace: number,
): Application {
  return {
    name,
    metrics:
      metrics === undefined
        ? null
        : {
            scheme: metrics.scheme ?? defaults.metrics.scheme,
            address: metrics.address,
            path: metrics.path ?? defaults.metrics.path,
            interval: metrics.interval === undefined ? intervals.scrape : paced(metrics.interval, pace),
            token: metrics.token === undefined ? null : secretNames.application(name),
          },
    convention: convention ?? null,
  };
}

interface BackupContext {
  readonly zone: string;
  readonly pace: number;
  readonly locate: Locate;
}

export function resolveBackup(backup: Item<'backups'>, { zone, pace, locate }: BackupContext): Backup {
  const { grace, settle } = defaults.backup;
  const timezone = backup.timezone ?? zone;
  return {
    name: backup.name,
    directory: locate({ path: backup.directory }),
    claim: null,
    pattern: backup.pattern,
    engine: backup.engine,
    schedule: backup.schedule ?? null,
    timezone,
    clock: backup.clock ?? timezone,
    expectedInterval: backup.expectedInterval ?? null,
    grace: paced(backup.grace ?? grace, pace),
    settle: paced(backup.settle ?? settle, pace),
    retention: backup.retention === undefined ? null : resolveRetention(backup.retention),
    ignore: backup.ignore ?? [],
    others: [],
    cronJob: null,
    cleanup: null,
  };
}

function resolveRetention({ age, tolerance, floor }: NonNullable<Item<'backups'>['retention']>): Retention {
  return { age, tolerance: tolerance ?? defaults.backup.tolerance, floor: floor ?? defaults.backup.floor };
}

export function resolveVolume(volume: Item<'volumes'>, namespace: string, locate: Locate): Volume {
  return {
    name: volume.name,
    namespace: volume.namespace ?? namespace,
    directory: locate({ path: volume.directory }),
    claim: null,
    requested: volume.size ?? null,
  };
}

export function resolveCertificates({ certificates }: Declared, locate: Locate): Stack['certificates'] {
  return {
    files: (certificates?.files ?? []).map(({ name, path }) => ({
      name,
      path: locate({ path }),
      claim: null,
      password: null,
    })),
    secrets: [],
    discover: null,
    endpoints: (certificates?.endpoints ?? []).map((endpoint): CertificateEndpoint => {
      const { host, port } = endpoint.address;
      return {
        name: endpoint.name,
        host,
        port: port ?? defaults.endpoint.port,
        serverName: endpoint.serverName ?? host,
        authority: endpoint.authority === undefined ? null : locate({ path: endpoint.authority }),
        expects: endpoint.expects ?? null,
        timeout: endpoint.timeout ?? defaults.endpoint.timeout,
        starttls: null,
      };
    }),
  };
}
