import { clusterSettings, grafanaUrl } from './cluster.ts';
import { type Addresses, defaults } from './defaults.ts';
import { localSettings } from './inbox.ts';
import { type Locate, locator, type Watched } from './placement.ts';
import { defined, paced } from './records.ts';
import { resolveCertificates } from './resolve-certificates.ts';
import { resolveDatabase } from './resolve-databases.ts';
import { resolveExporter } from './resolve-exporter.ts';
import { resolveApplication, resolveBackup, resolveVolume } from './resolve-items.ts';
import { resolveAlertmanager, resolvePrometheus } from './resolve-parts.ts';
import { resolveProbe } from './resolve-probes.ts';
import type { Declared } from './schema/environment.ts';
import { declaredSecrets, resolveSecrets } from './secrets.ts';
import type { AlertOverride, ClusterSettings, Intervals, Stack } from './types.ts';

/** What a Stack depends on besides the declaration. */
export interface Surroundings {
  readonly environment: string;
  readonly instance: string | null;
  /** Absolute path of the environment's folder: relative paths begin there. */
  readonly folder: string;
  readonly addresses: Addresses;
  /** Absolute path of the state directory; read on platform `local` only. */
  readonly state: string;
}

export function stackName(environment: string, instance: string | null): string {
  return instance === null ? environment : `${environment}-${instance}`;
}

/** Decides everything that the declaration leaves open. The declaration has passed the schema and the checks. */
export function resolveStack(declared: Declared, surroundings: Surroundings): Stack {
  const pace = declared.pace ?? defaults.pace;
  const namespace = declared.namespace ?? surroundings.environment;
  const intervals = resolveIntervals(declared, pace);
  const zone = declared.timezone ?? defaults.timezone;
  const locate = locator(surroundings.folder);
  const cluster = clusterSettings(declared, namespace);
  const watched = resolveWatched(declared, { namespace, zone, pace, access: cluster?.access ?? 'cluster', locate });
  return {
    name: stackName(surroundings.environment, surroundings.instance),
    environment: surroundings.environment,
    instance: surroundings.instance,
    platform: declared.platform,
    namespace,
    timezone: zone,
    pace,
    intervals,
    applications: (declared.applications ?? []).map((application) => resolveApplication(application, intervals, pace)),
    probes: (declared.probes ?? []).map((probe) => resolveProbe(probe, { intervals, pace, cluster })),
    databases: (declared.databases ?? []).map((database) => resolveDatabase(database, declared.components)),
    ...watched,
    exporter: resolveExporter(declared, watched, cluster, surroundings.addresses),
    prometheus: resolvePrometheus(declared, cluster, surroundings.addresses),
    alertmanager: resolveAlertmanager(declared, cluster, surroundings.addresses),
    grafana: { url: declared.grafana?.url ?? (cluster === null ? null : grafanaUrl(cluster)) },
    alerts: resolveAlerts(declared, pace),
    secrets: resolveSecrets(declaredSecrets(declared), (path) => locate({ path })),
    cluster,
    local: localSettings(declared, surroundings),
  };
}

interface WatchedContext {
  readonly namespace: string;
  readonly zone: string;
  readonly pace: number;
  readonly access: ClusterSettings['access'];
  readonly locate: Locate;
}

function resolveWatched(declared: Declared, context: WatchedContext): Watched {
  return {
    backups: (declared.backups ?? []).map((backup) => resolveBackup(backup, context)),
    volumes: (declared.volumes ?? []).map((volume) => resolveVolume(volume, context)),
    certificates: resolveCertificates(declared.certificates, context.namespace, context.locate),
  };
}

function resolveIntervals({ intervals, applications }: Declared, pace: number): Intervals {
  const production = { ...defaults.intervals, ...defined(intervals ?? {}) };
  const slowest = Math.max(production.scrape, ...(applications ?? []).map(({ metrics }) => metrics?.interval ?? 0));
  return {
    scrape: paced(production.scrape, pace),
    evaluation: paced(production.evaluation, pace),
    rateWindow: paced(Math.max(defaults.intervals.rateWindow, 4 * slowest), pace),
    groupWait: paced(production.groupWait, pace),
    groupInterval: paced(production.groupInterval, pace),
    repeat: paced(production.repeat, pace),
    collection: paced(production.collection, pace),
  };
}

function resolveAlerts({ alerts }: Declared, pace: number): Stack['alerts'] {
  const entries = Object.entries(alerts ?? {}).map(([name, override]): [string, AlertOverride] => {
    const { for: pending, threshold, ...rest } = override;
    const limit = { threshold: threshold?.value, thresholdUnit: threshold?.unit ?? undefined };
    return [
      name,
      { ...defined({ ...rest, ...limit }), ...(pending === undefined ? {} : { for: paced(pending, pace) }) },
    ];
  });
  return Object.fromEntries(entries);
}
