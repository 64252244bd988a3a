import { formatDuration } from '../../common/durations.ts';
import { backupMetrics as metrics } from '../../exporter/metrics/backup.ts';
import { dashboard, labels, lastGood, ofBackup, withoutRetention } from '../backup-fragments.ts';
import { always, steps } from '../scenarios.ts';
import { figure, found, percent, several, span, value } from '../templates.ts';
import type { Alert, RecordingRule, RuleContext, Topic } from '../types.ts';
import { backup as records } from '../vocabulary.ts';

const complete = { ...labels, state: 'complete' };

/** How long ago a backup may have had enough artifacts for a lack of them to be a loss and not a beginning. */
const memory = { range: 14 * 86_400, step: 3600 };

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

/** Whether enough is left to restore from, and will be. */
export const reserve: Topic = { name: 'reserve', alerts: [tooFew, expiring], records: declarations };
