import { defaults } from './defaults.ts';
import type { Locate } from './placement.ts';
import { paced } from './records.ts';
import type { Declared } from './schema/environment.ts';
import { secretNames } from './secrets.ts';
import type { Application, Backup, ClusterSettings, CronJobReference, Intervals, Retention, Volume } from './types.ts';

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
  readonly namespace: string;
  readonly zone: string;
  readonly pace: number;
  readonly locate: Locate;
}

export function resolveBackup(backup: Item<'backups'>, { namespace, zone, pace, locate }: BackupContext): Backup {
  const { grace, settle } = defaults.backup;
  const timezone = backup.timezone ?? zone;
  return {
    name: backup.name,
    directory: locate({ path: backup.directory, claim: backup.claim }),
    claim: backup.claim ?? null,
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
    others: backup.others ?? [],
    cronJob: reference(backup.cronJob, namespace),
    cleanup: reference(backup.cleanup, namespace),
  };
}

type Reference = Item<'backups'>['cronJob'];

function reference(found: Reference, namespace: string): CronJobReference | null {
  return found === undefined ? null : { namespace: found.namespace ?? namespace, name: found.name };
}

function resolveRetention({ age, tolerance, floor }: NonNullable<Item<'backups'>['retention']>): Retention {
  return { age, tolerance: tolerance ?? defaults.backup.tolerance, floor: floor ?? defaults.backup.floor };
}

interface VolumeContext {
  readonly namespace: string;
  /** What rights there are: a claim that no kubelet may be asked about is mounted. */
  readonly access: ClusterSettings['access'];
  readonly locate: Locate;
}

export function resolveVolume(volume: Item<'volumes'>, { namespace, access, locate }: VolumeContext): Volume {
  const { claim, directory: path } = volume;
  const unmounted = claim !== undefined && path === undefined && access === 'cluster';
  return {
    name: volume.name ?? claim ?? '',
    namespace: volume.namespace ?? namespace,
    directory: unmounted ? null : locate({ path, claim }),
    claim: claim ?? null,
    requested: volume.size ?? null,
  };
}
