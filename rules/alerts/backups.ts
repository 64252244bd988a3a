import { backupMetrics as metrics } from '../../exporter/metrics/backup.ts';
import { selfMetrics } from '../../exporter/metrics/self.ts';
import { dashboard, labels, lastGood, noBackups, ofBackup } from '../backup-fragments.ts';
import { always, grows, steps } from '../scenarios.ts';
import { figure, found, latest, moment, reason, several, value } from '../templates.ts';
import type { Alert, Topic } from '../types.ts';

const next = ofBackup(metrics.nextExpected);

/** A schedule's next time lies ahead, so that the one before it was missed; an interval's has then passed itself. */
const due = figure(`${next} < time() or ${next} - ${ofBackup(metrics.expectedInterval)}`, `, due ${moment(found)}`);

const missed: Alert = {
  name: 'BackupMissed',
  severity: 'critical',
  for: 60,
  threshold: { value: 0, unit: 'short' },
  expr: ({ recent, threshold }) => `max by (namespace, backup) (${recent(metrics.missedRuns)}) > ${threshold}`,
  summary: 'backup {{ $labels.backup }} missed',
  detail: `${lastGood}${due}`,
  value: `${several(value, 'run', 'runs')} missed`,
  action: 'Read the log of the last backup run, mend its cause and start a run by hand.',
  description: `Backup {{ $labels.backup }} missed ${several(value, 'run', 'runs')}: the time and its grace have passed without a complete artifact; ${lastGood}${figure(`${next} > time()`, `, next run expected ${moment(found)}`)}.`,
  runbook: {
    means:
      'A scheduled time and its grace have passed and no complete artifact carries a time at or after it. Whatever is lost from now on is lost since the last good artifact.',
    steps: [
      'Look whether the job ran at all: `kubectl get cronjob,job` in its namespace, or `journalctl -u cron` on the host. A suspended CronJob, a full disk and a changed password are the usual causes.',
      'List what it left: `ls -la --time-style=full-iso <directory> | tail`. A newest file that is empty or truncated is the alert BackupInvalid; a name in another form is counted as unrecognised.',
      'If an artifact of that time exists and looks right, compare its name with the declared pattern and its clock with the declared time zone: `lookout env explain <environment>`.',
      'Start a run by hand (`kubectl create job --from=cronjob/<name> <name>-by-hand`) and wait until the alert resolves: one complete artifact is enough.',
    ],
  },
  panel: { dashboard, panel: 'Missed runs' },
  object: 'backup',
  impossible: noBackups,
  scenarios: [
    {
      title: 'one scheduled run has passed without an artifact',
      fires: [labels],
      since: 300,
      series: ({ threshold }) => [
        { metric: metrics.missedRuns.name, labels, values: steps([threshold, 300], [threshold + 1, 3600]) },
        { metric: metrics.lastComplete.name, labels, values: always(10) },
        { metric: metrics.nextExpected.name, labels, values: always(7200) },
        { metric: metrics.expectedInterval.name, labels, values: always(3600) },
      ],
    },
    {
      title: 'no artifact was ever found',
      fires: [labels],
      series: ({ threshold }) => [
        { metric: metrics.missedRuns.name, labels, values: always(threshold + 3) },
        { metric: metrics.lastComplete.name, labels, values: always(0) },
      ],
    },
    {
      title: 'an interval without a schedule has passed',
      fires: [labels],
      series: ({ threshold }) => [
        { metric: metrics.missedRuns.name, labels, values: always(threshold + 1) },
        { metric: metrics.lastComplete.name, labels, values: always(1) },
        { metric: metrics.nextExpected.name, labels, values: always(6) },
        { metric: metrics.expectedInterval.name, labels, values: always(5) },
      ],
    },
    {
      title: 'every scheduled run has left its artifact',
      fires: [],
      series: ({ threshold }) => [{ metric: metrics.missedRuns.name, labels, values: always(threshold) }],
    },
    { title: 'the exporter says nothing of any backup', fires: [], absent: true, series: () => [] },
  ],
};

const unreadable: Alert = {
  name: 'BackupUnreadable',
  severity: 'critical',
  for: 300,
  threshold: null,
  expr: ({ recent }) =>
    `label_replace(min by (namespace, collector, source) (${recent(selfMetrics.sourceUp, 'collector="backups"')}), "backup", "$1", "source", "(.+)") == 0`,
  summary: 'backup {{ $labels.backup }} unreadable',
  detail: figure(
    `topk(1, increase(${selfMetrics.sourceErrors.name}{namespace=$namespace,collector=$collector,source=$source}[5m]) > 0)`,
    reason,
    'its directory cannot be read',
  ),
  value: '',
  action: 'Make the directory readable to the exporter again: mount, path or permission.',
  description: `The exporter cannot read the directory of backup {{ $labels.backup }}; nobody knows now whether new artifacts arrive; ${lastGood}.`,
  runbook: {
    means:
      'The directory that holds the artifacts is gone, not mounted or not permitted. Backups may still be written, but nobody sees whether they are.',
    steps: [
      'Ask the exporter for the reason: `curl -H "Authorization: Bearer $(cat <token file>)" http://<exporter>/prometheus | grep lookout_source_errors_total`.',
      '`not_found`: is the path mounted where the environment says? `permission_denied`: which user does the exporter run as, and may it list the directory? `timeout`: the file system hangs, see SourceHung.',
      'Compare with the host: `findmnt -T <directory>`, `ls -ld <directory>`.',
    ],
  },
  panel: { dashboard, panel: 'Readable' },
  object: 'backup',
  impossible: noBackups,
  scenarios: [
    {
      title: 'the directory is gone',
      fires: [{ collector: 'backups', source: 'shop-database', ...labels }],
      since: 300,
      series: () => [
        {
          metric: selfMetrics.sourceUp.name,
          labels: { collector: 'backups', source: 'shop-database' },
          values: steps([1, 300], [0, 3600]),
        },
        {
          metric: selfMetrics.sourceErrors.name,
          labels: { collector: 'backups', source: 'shop-database', reason: 'not_found' },
          values: grows(1),
        },
        { metric: metrics.lastComplete.name, labels, values: always(10) },
      ],
    },
    {
      title: 'it can be read, and something else cannot',
      fires: [],
      series: () => [
        { metric: selfMetrics.sourceUp.name, labels: { collector: 'backups', source: 'x' }, values: always(1) },
        { metric: selfMetrics.sourceUp.name, labels: { collector: 'volumes', source: 'x' }, values: always(0) },
      ],
    },
    { title: 'the exporter says nothing of its sources', fires: [], absent: true, series: () => [] },
  ],
};

/**
 * Beside BackupMissed: without any artifact, runs count from the start of the exporter, so that a wrong pattern under an
 * exporter that starts anew each day would stay quiet for ever.
 */
const notFound: Alert = {
  name: 'BackupNotFound',
  severity: 'warning',
  for: 900,
  threshold: null,
  expr: ({ recent }) => `max by (namespace, backup) (${recent(metrics.artifacts, 'state="complete"')}) == 0`,
  summary: 'backup {{ $labels.backup }} not found',
  detail: figure(
    `${latest(metrics.artifacts, 'backup=$backup,state="unrecognised"')} > 0`,
    `${several(found, 'name', 'names')} outside its pattern`,
    'none is complete',
  ),
  value: '',
  action: 'Compare the names in its directory with the declared pattern, or make the first backup.',
  description:
    'The directory of backup {{ $labels.backup }} can be read and holds no complete artifact: none was made yet, the pattern is another than that of the names, or it is the wrong directory.',
  runbook: {
    means:
      'There is nothing to restore from, as far as the declared directory and pattern tell. Right after an installation that is so until the first run; later it is the most usual slip of an environment.',
    steps: [
      'Look at the names: `ls -la <directory> | tail`. Compare them with `pattern` and `directory` in `lookout env explain <environment>`: `%Y%m%d` is 20261121, `%F` is 2026-11-21.',
      'Ask the exporter what it makes of them: its `/explain` lists names that it did not recognise and artifacts that are not complete, with the reason of each.',
      'If the directory is empty and should not be, look whether the right claim or mount is behind it: `findmnt -T <directory>`.',
      'Start a run by hand and wait until the alert resolves: one complete artifact is enough.',
    ],
  },
  panel: { dashboard, panel: 'Artifacts that need a look' },
  object: 'backup',
  impossible: noBackups,
  scenarios: [
    {
      title: 'the last artifact was deleted, files of other names are left',
      fires: [labels],
      since: 300,
      series: () => [
        {
          metric: metrics.artifacts.name,
          labels: { ...labels, state: 'complete' },
          values: steps([1, 300], [0, 3600]),
        },
        { metric: metrics.artifacts.name, labels: { ...labels, state: 'unrecognised' }, values: always(302) },
      ],
    },
    {
      title: 'there are incomplete ones only',
      fires: [labels],
      series: () => [
        { metric: metrics.artifacts.name, labels: { ...labels, state: 'complete' }, values: always(0) },
        { metric: metrics.artifacts.name, labels: { ...labels, state: 'incomplete' }, values: always(2) },
        { metric: metrics.artifacts.name, labels: { ...labels, state: 'unrecognised' }, values: always(0) },
      ],
    },
    {
      title: 'one is complete, and no other state is seen',
      fires: [],
      series: () => [
        { metric: metrics.artifacts.name, labels: { ...labels, state: 'complete' }, values: always(1) },
        { metric: metrics.artifacts.name, labels: { ...labels, state: 'invalid' }, values: always(0) },
      ],
    },
    { title: 'the directory cannot be read, so that nothing is counted', fires: [], absent: true, series: () => [] },
  ],
};

/** Whether backups happen. */
export const backups: Topic = { name: 'backups', alerts: [missed, unreadable, notFound] };
