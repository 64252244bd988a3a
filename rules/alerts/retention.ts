import { formatDuration } from '../../common/durations.ts';
import { backupMetrics as metrics } from '../../exporter/metrics/backup.ts';
import { dashboard, labels, ofBackup, withoutRetention } from '../backup-fragments.ts';
import { always, steps } from '../scenarios.ts';
import { figure, found, several, span, value } from '../templates.ts';
import type { Alert, Topic } from '../types.ts';

const exceeded: Alert = {
  name: 'BackupRetentionExceeded',
  severity: 'warning',
  for: 900,
  threshold: { value: 0, unit: 'short' },
  expr: ({ recent, threshold }) => `max by (namespace, backup) (${recent(metrics.overkept)}) > ${threshold}`,
  summary: 'backup {{ $labels.backup }} kept too long',
  detail: `${several(value, 'artifact', 'artifacts')} too old${figure(`time() - (${ofBackup(metrics.oldest)} > 0)`, `, oldest ${span(found)}`)}`,
  value: several(value, 'artifact', 'artifacts'),
  action: 'Look whether the cleanup job still runs before the backup volume is full.',
  description: `Of backup {{ $labels.backup }} ${several(value, 'artifact is', 'artifacts are')} older than ${figure(ofBackup(metrics.retention), span(found), 'its retention')}, the declared retention with its tolerance: the cleanup does not run or does not match.`,
  runbook: {
    means:
      'An artifact has outlived the declared retention, its tolerance included. Nothing is lost yet, but the volume grows without bound.',
    steps: [
      'Look whether the cleanup ran: `kubectl get cronjob,job`, or the log of the host. With `find -mtime +14` a directory goes when it is 15 whole days old.',
      'List what it should have deleted: `find <directory> -mindepth 1 -maxdepth 1 -mtime +<days>`.',
      'An artifact that is kept on purpose belongs into another directory, or its name into `ignore` of the backup.',
    ],
  },
  panel: { dashboard, panel: 'Artifacts kept too long' },
  object: 'backup',
  impossible: withoutRetention,
  scenarios: [
    {
      title: 'an artifact outlives its retention',
      fires: [labels],
      since: 300,
      series: ({ threshold, seconds }) => [
        { metric: metrics.overkept.name, labels, values: steps([threshold, 300], [threshold + 1, 3600]) },
        { metric: metrics.oldest.name, labels, values: always(seconds(15)) },
        { metric: metrics.retention.name, labels, values: always(seconds(900)) },
      ],
    },
    {
      title: 'none does',
      fires: [],
      series: ({ threshold }) => [{ metric: metrics.overkept.name, labels, values: always(threshold) }],
    },
    { title: 'the exporter says nothing of any backup', fires: [], absent: true, series: () => [] },
  ],
};

const deletedEarly: Alert = {
  name: 'BackupDeletedEarly',
  severity: 'warning',
  for: 0,
  threshold: { value: 0, unit: 'short' },
  expr: ({ select, seconds, threshold }) =>
    `max by (namespace, backup) (increase(${select(metrics.deletedEarly)}[${formatDuration(seconds(3600))}])) > ${threshold}`,
  summary: 'backup {{ $labels.backup }} deleted early',
  detail: `${several(value, 'artifact', 'artifacts')} gone before the retention`,
  value: several(value, 'artifact', 'artifacts'),
  action: 'Find what deleted them before it deletes the next.',
  description: `Of backup {{ $labels.backup }} ${several(value, 'complete artifact has', 'complete artifacts have')} vanished before ${figure(ofBackup(metrics.retention), span(found), 'the retention')} had passed.`,
  runbook: {
    means:
      'Complete artifacts have gone before they were as old as the declared retention. Either somebody deleted them by hand, or a cleanup has another idea of what to keep.',
    steps: [
      'Ask who has access; if it was meant, nothing is to be done: the alert ends by itself after an hour.',
      'Compare the cleanup with `retention` of the backup in the environment: its age, its pattern and its directory.',
      'Look whether two backups share the directory and one cleans up the artifacts of the other.',
    ],
  },
  panel: { dashboard, panel: 'Artifacts deleted early' },
  object: 'backup',
  impossible: withoutRetention,
  scenarios: [
    {
      title: 'an artifact has vanished within the last hour',
      fires: [labels],
      since: 315,
      series: ({ seconds }) => [
        { metric: metrics.deletedEarly.name, labels, values: steps([0, 315], [1, 7200]) },
        { metric: metrics.retention.name, labels, values: always(seconds(9000)) },
      ],
    },
    {
      title: 'the last one vanished longer ago',
      fires: [],
      at: 4500,
      series: () => [{ metric: metrics.deletedEarly.name, labels, values: steps([0, 300], [3, 7200]) }],
    },
    { title: 'the exporter says nothing of any backup', fires: [], absent: true, series: () => [] },
  ],
};

/** Whether backups are kept for as long as is declared. */
export const retention: Topic = { name: 'retention', alerts: [exceeded, deletedEarly] };
