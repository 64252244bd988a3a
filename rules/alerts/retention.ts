import { formatDuration } from '../../common/durations.ts';
import { backupMetrics as metrics } from '../../exporter/metrics/backup.ts';
import type { Backup, Stack } from '../../stack/types.ts';
import { dashboard, labels, ofBackup } from '../backup-fragments.ts';
import { always, steps } from '../scenarios.ts';
import { figure, found, several, span, value } from '../templates.ts';
import type { Alert, RuleContext, Topic } from '../types.ts';
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
  impossible: (stack) =>
    withoutRetention(stack, 'no backup declares a retention', ({ retention }) => retention !== null),
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
  impossible: (stack) =>
    withoutRetention(stack, 'no backup declares a retention', ({ retention }) => retention !== null),
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
  impossible: (stack) =>
    withoutRetention(stack, 'no backup declares a floor of retained artifacts', (backup) => floorOf(backup) > 0),
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

function withoutRetention(stack: Stack, reason: string, declares: (backup: Backup) => boolean): string | undefined {
  return stack.backups.some(declares) ? undefined : reason;
}

function floorOf({ retention }: Backup): number {
  return retention?.floor ?? 0;
}

/** The declared floors as series: each backup has its own. */
function floors({ stack }: RuleContext) {
  return stack.backups
    .filter((backup) => floorOf(backup) > 0)
    .map((backup) => ({
      record: records.retentionFloor,
      expr: `vector(${floorOf(backup)})`,
      labels: { namespace: stack.namespace, backup: backup.name },
    }));
}

export const retention: Topic = { name: 'retention', alerts: [exceeded, deletedEarly, tooFew], records: floors };
