import { counter, gauge } from './family.ts';

/** Values of the label `collector`. The label `source` beside it holds the declared name: of the backup, claim, certificate or
 * CronJob. */
export const collectors = ['backups', 'cronjobs', 'volumes', 'kubelet', 'certificates'] as const;
export type Collector = (typeof collectors)[number];

const collector = ['collector'] as const;
const source = ['collector', 'source'] as const;

/** Why a source could not be read or understood. A closed set: part of the contract, never renamed. */
export const reasons = [
  'not_read_yet',
  'not_found',
  'permission_denied',
  'not_a_directory',
  'read_failed',
  'timeout',
  'broken_symlink',
  'no_certificate_found',
  'bad_pem',
  'bad_pkcs12',
  'bad_password',
  'connection_refused',
  'connection_reset',
  'host_unreachable',
  'name_not_resolved',
  'handshake_failed',
  'no_service_account',
  'unauthorized',
  'rate_limited',
  'server_error',
  'bad_answer',
  'not_bound',
  'not_mounted',
  'no_statistics',
  'not_on_this_node',
  'ambiguous',
  'not_installed',
  'internal_error',
] as const;
export type Reason = (typeof reasons)[number];

export const selfMetrics = {
  collectorSuccess: gauge(
    'lookout_collector_success',
    collector,
    'Whether every source of the collector could be read the last time.',
  ),
  collectorDuration: gauge('lookout_collector_duration_seconds', collector, 'How long the last collection took.'),
  collectorLastSuccess: gauge(
    'lookout_collector_last_success_timestamp_seconds',
    collector,
    'When the collector last succeeded.',
  ),
  sourceUp: gauge('lookout_source_up', source, 'Whether the source could be read the last time.'),
  sourceHungSince: gauge(
    'lookout_source_hung_since_timestamp_seconds',
    source,
    'Since when reading the source has hung; 0 when it does not.',
  ),
  sourceErrors: counter(
    'lookout_source_errors_total',
    [...source, 'reason'],
    'Failed readings of the source, by reason.',
  ),
  buildInfo: gauge('lookout_exporter_build_info', ['version', 'node_version'], 'The running exporter.'),
} as const;
