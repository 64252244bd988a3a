import { formatDuration } from '../../common/durations.ts';
import { backupMetrics as metrics } from '../../exporter/metrics/backup.ts';
import type { Stack } from '../../stack/types.ts';
import { dashboard, labels, lastGood, ofBackup } from '../backup-fragments.ts';
import { always, steps } from '../scenarios.ts';
import { figure, found, percent, several, span, value } from '../templates.ts';
import type { Alert, RecordingRule, RuleContext, Topic } from '../types.ts';
import { backup as records } from '../vocabulary.ts';

const complete = { ...labels, state: 'complete' };

/** How long ago a backup may have had enough artifacts for a lack of them to be a loss and not a beginning. */
const memory = { range: 14 * 86_400, step: 3600 };

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

const tooFew: Alert = {
  name: 'BackupTooFewRetained',
  severity: 'warning',
  for: 300,
  threshold: null,
  expr: ({ select, recent, seconds }) => {
    const complete = 'state="complete"';
    const once = `max_over_time(${select(metrics.artifacts, complete)}[${formatDuration(seconds(memory.range))}:${formatDuration(seconds(memory.step))}])`;
    const floor = recent(records.retentionFloor);
    return `max by (namespace, backup) (${recent(metrics.artifacts, complete)}) < on (namespace, backup) ${floor} and on (namespace, backup) max by (namespace, backup) (${once}) >= on (namespace, backup) ${floor}`;
  },
  summary: 'backup {{ $labels.backup }} keeping too few',
  detail: `${several(value, 'complete artifact', 'complete artifacts')} left`,
  value: several(value, 'artifact', 'artifacts'),
  limit: figure(
    `${records.retentionFloor}{namespace=$namespace,backup=$backup}`,
    several(found, 'artifact', 'artifacts'),
  ),
  action: 'Stop the cleanup before it deletes the last good artifact, and find what deleted the others.',
  description: `Backup {{ $labels.backup }} has ${several(value, 'complete artifact', 'complete artifacts')} left, fewer than the declared floor, and once had enough.`,
  runbook: {
    means:
      'Fewer complete artifacts are left than the environment declares as the floor, though there were enough within the last two weeks. A cleanup by age alone deletes the last good artifact when backups have stopped; so does a hand that slipped.',
    steps: [
      'Suspend the cleanup: `kubectl patch cronjob <name> -p \'{"spec":{"suspend":true}}\'`.',
      'Copy the newest complete artifact elsewhere.',
      'Find what deleted the others, mend it, run a backup by hand and let the cleanup run again.',
    ],
  },
  panel: { dashboard, panel: 'Artifacts by state' },
  object: 'backup',
  impossible: ({ backups }) =>
    backups.some(({ retention }) => (retention?.floor ?? 0) > 0)
      ? undefined
      : 'no backup declares a floor of retained artifacts',
  scenarios: [
    {
      title: 'artifacts were deleted below the floor',
      fires: [labels],
      since: 3900,
      series: () => [
        { metric: metrics.artifacts.name, labels: complete, values: steps([3, 3900], [2, 3600]) },
        { metric: metrics.artifacts.name, labels: { ...labels, state: 'invalid' }, values: always(5) },
        { metric: records.retentionFloor, labels, values: always(3) },
      ],
    },
    {
      title: 'as many are left as the floor asks for',
      fires: [],
      at: 4500,
      series: () => [
        { metric: metrics.artifacts.name, labels: complete, values: steps([4, 3900], [3, 3600]) },
        {
          metric: metrics.artifacts.name,
          labels: { ...labels, state: 'invalid' },
          values: steps([3, 3900], [1, 3600]),
        },
        { metric: records.retentionFloor, labels, values: always(3) },
      ],
    },
    {
      title: 'a new backup has not yet had enough, whatever else lies there',
      fires: [],
      at: 4500,
      series: () => [
        { metric: metrics.artifacts.name, labels: complete, values: always(2) },
        { metric: metrics.artifacts.name, labels: { ...labels, state: 'invalid' }, values: always(4) },
        { metric: records.retentionFloor, labels, values: always(3) },
      ],
    },
    {
      title: 'the exporter says nothing of any artifact',
      fires: [],
      absent: true,
      at: 4500,
      series: () => [{ metric: records.retentionFloor, labels, values: always(3) }],
    },
  ],
};

const age = `${records.retentionAge}{namespace=$namespace,backup=$backup}`;

/** When the newest complete artifact is as old as the clean-up deletes. */
const deletion = figure(
  `${ofBackup(metrics.lastComplete)} + on (backup) ${age} - time() > 0`,
  `in ${span(found)}`,
  'now',
);

const expiring: Alert = {
  name: 'BackupExpiring',
  severity: 'critical',
  for: 300,
  threshold: { value: 0.75, unit: 'percentunit' },
  expr: ({ recent, threshold }) => {
    const newest = `(time() - max by (namespace, backup) (${recent(metrics.lastComplete)} > 0))`;
    const share = `${newest} / on (namespace, backup) ${recent(records.retentionAge)}`;
    return `${share} > ${threshold} unless on (namespace, backup) max by (namespace, backup) (${recent(metrics.missedRuns)}) == 0`;
  },
  summary: 'last good backup {{ $labels.backup }} expiring',
  detail: `${lastGood}, may be deleted ${deletion}`,
  value: percent(value),
  action: 'Take the last good artifact out of the reach of the clean-up, or stop the clean-up.',
  description: `The newest complete artifact of backup {{ $labels.backup }} has ${percent(value)} of the age at which the clean-up deletes, and none has come after it: when it is gone there is nothing to restore from. It may be deleted ${deletion}.`,
  runbook: {
    means:
      'Backups have stopped, and a clean-up by age goes on: it will delete the last artifact that could be restored. The limit is a share of the declared `retention.age`, so that there is time to act.',
    steps: [
      'Copy the newest complete artifact to where no clean-up comes: the exporter names it in `/explain`, as `newest`.',
      'Stop the clean-up until backups run again: `kubectl patch cronjob <name> -n <namespace> -p \'{"spec":{"suspend":true}}\'`, or take it out of the crontab.',
      'Mend the backup: the alert BackupMissed and what is firing beside it tell what keeps it from running.',
      'Let a clean-up keep a number of artifacts whatever their age, so that this cannot come again.',
    ],
  },
  panel: { dashboard, panel: 'Age of the newest complete artifact' },
  object: 'backup',
  impossible: withoutRetention,
  scenarios: [
    {
      title: 'backups have stopped, and the last good one nears the age of deletion',
      fires: [labels],
      since: 3015,
      series: ({ threshold, seconds }) => [
        { metric: metrics.lastComplete.name, labels, values: always(seconds(3000 - 3000 * threshold)) },
        { metric: records.retentionAge, labels, values: always(seconds(3000)) },
        { metric: metrics.missedRuns.name, labels, values: always(2) },
      ],
    },
    {
      title: 'it may be deleted at any time, and nothing tells how often backups run',
      fires: [labels],
      since: 600,
      series: ({ seconds }) => [
        { metric: metrics.lastComplete.name, labels, values: steps([0, 600], [seconds(15), 3600]) },
        { metric: records.retentionAge, labels, values: always(seconds(600)) },
      ],
    },
    {
      title: 'backups run so seldom that the last good one is always near that age',
      fires: [],
      at: 4500,
      series: ({ seconds }) => [
        { metric: metrics.lastComplete.name, labels, values: always(seconds(15)) },
        { metric: records.retentionAge, labels, values: always(seconds(3000)) },
        { metric: metrics.missedRuns.name, labels, values: always(0) },
      ],
    },
    {
      title: 'no complete artifact was ever found, which is another alert',
      fires: [],
      at: 4500,
      series: ({ seconds }) => [
        { metric: metrics.lastComplete.name, labels, values: always(0) },
        { metric: records.retentionAge, labels, values: always(seconds(3000)) },
      ],
    },
    {
      title: 'the exporter says nothing of any backup',
      fires: [],
      absent: true,
      at: 4500,
      series: ({ seconds }) => [{ metric: records.retentionAge, labels, values: always(seconds(3000)) }],
    },
  ],
};

function withoutRetention({ backups }: Stack): string | undefined {
  return backups.some(({ retention }) => retention !== null) ? undefined : 'no backup declares a retention';
}

/** The declared floors and ages as series: each backup has its own. */
function declarations({ stack }: RuleContext): readonly RecordingRule[] {
  return stack.backups.flatMap(({ name, retention }) =>
    [
      { record: records.retentionFloor, declared: retention?.floor ?? 0 },
      { record: records.retentionAge, declared: retention?.age ?? 0 },
    ].flatMap(({ record, declared }) =>
      declared > 0
        ? [{ record, expr: `vector(${declared})`, labels: { namespace: stack.namespace, backup: name } }]
        : [],
    ),
  );
}

/** Whether backups are kept for as long as is declared. */
export const retention: Topic = {
  name: 'retention',
  alerts: [exceeded, deletedEarly, tooFew, expiring],
  records: declarations,
};
