import { addressOf } from './cluster.ts';
import { type Addresses, defaults, defaultVersions } from './defaults.ts';
import { resolveEmail, resolveSlack } from './receivers.ts';
import type { Declared } from './schema/environment.ts';
import { secretNames } from './secrets.ts';
import type { AlertmanagerSettings, ClusterSettings, PrometheusSettings } from './types.ts';
import { alertmanagerFeatures, prometheusFeatures } from './versions.ts';

/** The part of a claim that samples may fill: the write-ahead log counts, and blocks that are merged are there twice. */
const usable = 0.8;

export function resolvePrometheus(
  { platform, prometheus }: Declared,
  cluster: ClusterSettings | null,
  local: Addresses,
): PrometheusSettings {
  const version = prometheus?.version ?? defaultVersions[platform].prometheus;
  const { time, size } = prometheus?.retention ?? {};
  return {
    address: cluster === null ? local.prometheus : addressOf(cluster, 'prometheus'),
    replicas: prometheus?.replicas ?? 1,
    version,
    features: prometheusFeatures(version),
    retention: { time: time ?? defaults.retention.time, size: size ?? room(cluster) },
    user: defaults.user,
    password: secretNames.prometheus,
  };
}

/** Bytes that fit into the claim of our own; the checks ask for `retention.size` where only others know how large it is. */
function room(cluster: ClusterSettings | null): number | null {
  return cluster?.components.prometheus.kind === 'install'
    ? Math.floor(cluster.storage.prometheus.size * usable)
    : null;
}

export function resolveAlertmanager(
  declared: Declared,
  cluster: ClusterSettings | null,
  local: Addresses,
): AlertmanagerSettings {
  const {
    version = defaultVersions[declared.platform].alertmanager,
    replicas = 1,
    heartbeat,
  } = declared.alertmanager ?? {};
  return {
    address: cluster === null ? local.alertmanager : addressOf(cluster, 'alertmanager'),
    replicas,
    version,
    features: alertmanagerFeatures(version),
    user: defaults.user,
    password: secretNames.alertmanager,
    email: resolveEmail(declared, local),
    slack: resolveSlack(declared),
    heartbeat: heartbeat === undefined ? null : secretNames.heartbeat,
  };
}
