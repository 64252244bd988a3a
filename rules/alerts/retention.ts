import { formatDuration } from '../../common/durations.ts';
import { backupMetrics as metrics } from '../../exporter/metrics/backup.ts';
import type { Backup, Stack } from '../../stack/types.ts';
import { always, steps } from '../scenarios.ts';
import { figure, found, several, span, value } from '../templates.ts';
import type { Alert, RuleContext, Topic } from '../types.ts';
import { backup as records } from '../vocabulary.ts';

const dashboard = 'lookout-backups';
const labels = { backup: 'shop-database' };
const complete = { ...labels, state: 'complete' };

/** How long ago a backup may have had enough artifacts for a lack of them to be a loss and not a beginning. */
const memory = { range: 14 * 86_400, step: 3600 };

const exceeded: Alert = {
  name: 'BackupRetentionExceeded',
  severity: 'warning',
  for: 900,
  threshold: null,
  expr: ({ select }) =>
    `time() - min by (namespace, backup) (${select(metrics.oldest)} > 0) > on (namespace, backup) max by (namespace, backup) (${select(metrics.retention)} > 0)`,
  summary: 'backup {{ $labels.backup }} kept too long',
  detail: `oldest ${span(value)} old`,
  value: span(value),
  limit: figure(`${metrics.retention.name}{namespace=$namespace,backup=$backup}`, span(found)),
  action: 'Look whether the cleanup job still runs before the backup volume is full.',
  description: `The oldest artifact of backup {{ $labels.backup }} is ${span(value)} old, longer than its declared retention with its tolerance: the cleanup does not run or does not match.`,
  runbook: {
    means:
      'An artifact has outlived the declared retention, its tolerance included. Nothing is lost yet, but the volume grows without bound.',
    steps: [
      'Look whether the cleanup ran: `kubectl get cronjob,job`, or the log of the host. With `find -mtime +14` a directory goes when it is 15 whole days old.',
      'List what it should have deleted: `find <directory> -mindepth 1 -maxdepth 1 -mtime +<days>`.',
      'An artifact that is kept on purpose belongs into another directory, or its name into `ignore` of the backup.',
    ],
  },
  panel: { dashboard, panel: 'Age of the oldest artifact' },
  object: 'backup',
  impossible: (stack) =>
    withoutRetention(stack, 'no backup declares a retention', ({ retention }) => retention !== null),
  scenarios: [
    {
      title: 'the oldest artifact outlives its retention',
      fires: [labels],
      since: 900 + 15,
      series: ({ seconds }) => [
        { metric: metrics.oldest.name, labels, values: always(seconds(300)) },
        { metric: metrics.retention.name, labels, values: always(seconds(600)) },
      ],
    },
    {
      title: 'it has just reached its retention',
      fires: [],
      at: 1800,
      series: ({ seconds }) => [
        { metric: metrics.oldest.name, labels, values: always(seconds(300)) },
        { metric: metrics.retention.name, labels, values: always(seconds(1500)) },
      ],
    },
    {
      title: 'there is no artifact at all',
      fires: [],
      at: 3600,
      series: ({ seconds }) => [
        { metric: metrics.oldest.name, labels, values: always(0) },
        { metric: metrics.retention.name, labels, values: always(seconds(600)) },
      ],
    },
    {
      title: 'no retention is declared',
      fires: [],
      at: 3600,
      series: ({ seconds }) => [
        { metric: metrics.oldest.name, labels, values: always(seconds(300)) },
        { metric: metrics.retention.name, labels, values: always(0) },
      ],
    },
    { title: 'the exporter says nothing of any backup', fires: [], absent: true, at: 3600, series: () => [] },
  ],
};

const tooFew: Alert = {
  name: 'BackupTooFewRetained',
  severity: 'warning',
  for: 300,
  threshold: null,
  expr: ({ select, seconds }) => {
    const found = select(metrics.artifacts, 'state="complete"');
    const once = `max_over_time(${found}[${formatDuration(seconds(memory.range))}:${formatDuration(seconds(memory.step))}])`;
    const floor = select(records.retentionFloor);
    return `max by (namespace, backup) (${found}) < on (namespace, backup) ${floor} and on (namespace, backup) max by (namespace, backup) (${once}) >= on (namespace, backup) ${floor}`;
  },
  summary: 'backup {{ $labels.backup }} keeps too few',
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

export const retention: Topic = { name: 'retention', alerts: [exceeded, tooFew], records: floors };
