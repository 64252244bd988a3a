import { backupMetrics as metrics } from '../../exporter/metrics/backup.ts';
import { selfMetrics } from '../../exporter/metrics/self.ts';
import type { Stack } from '../../stack/types.ts';
import { always, grows, steps } from '../scenarios.ts';
import { figure, found, latest, list, moment, percent, reason, several, span, value } from '../templates.ts';
import type { Alert, Topic } from '../types.ts';

const dashboard = 'lookout-backups';
const labels = { backup: 'shop-database' };
const ofBackup = (metric: { readonly name: string }) => latest(metric, 'backup=$backup');
const next = ofBackup(metrics.nextExpected);

const lastGood = figure(
  `time() - (${ofBackup(metrics.lastComplete)} > 0)`,
  `last good ${span(found)} ago`,
  'no good backup found',
);
/** A schedule's next time lies ahead, so that the one before it was missed; an interval's has then passed itself. */
const due = figure(`${next} < time() or ${next} - ${ofBackup(metrics.expectedInterval)}`, `, due ${moment(found)}`);

const failedChecks = list(
  `${latest(metrics.verified, 'backup=$backup,check!="readable"')} == 0`,
  '{{ .Labels.check | reReplaceAll "_" " " }}',
);

const noBackups = (stack: Stack) => (stack.backups.length === 0 ? 'no backup is declared' : undefined);

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

const invalid: Alert = {
  name: 'BackupInvalid',
  severity: 'critical',
  for: 60,
  threshold: null,
  expr: ({ recent }) => `min by (namespace, backup) (${recent(metrics.verified, 'check!="readable"')}) == 0`,
  summary: 'backup {{ $labels.backup }} invalid',
  detail: `${failedChecks} failed, ${lastGood}`,
  value: '',
  action: 'Do not rely on the newest artifact: find why it is empty or broken and run the backup again.',
  description: `The newest artifact of backup {{ $labels.backup }} failed its verification (${failedChecks}); ${lastGood}.`,
  runbook: {
    means:
      'The job has written an artifact, but what it wrote is empty, cut short or damaged: it could not be restored. A dump piped into a compressor without `pipefail` exits with 0 and leaves exactly this.',
    steps: [
      'Look at the newest artifact: `ls -la <directory> | tail`, `gzip -t <file>`, `zcat <file> | tail -3`. A complete plain dump of PostgreSQL ends with `PostgreSQL database dump complete`.',
      'Read the log of the run for the error of the dump itself, not of the compressor. Add `set -o pipefail` to the script.',
      'Check the free space where the dump is written: `df -h <directory>`.',
      'Run the backup again; the alert resolves with the next artifact that passes. Keep the last good one until then: take it out of the reach of the cleanup.',
    ],
  },
  panel: { dashboard, panel: 'Verification of the newest artifact' },
  object: 'backup',
  impossible: noBackups,
  scenarios: [
    {
      title: 'one of the checks of the newest artifact fails',
      fires: [labels],
      since: 300,
      series: () => [
        { metric: metrics.verified.name, labels: { ...labels, check: 'not_empty' }, values: always(1) },
        { metric: metrics.verified.name, labels: { ...labels, check: 'gzip' }, values: steps([1, 300], [0, 3600]) },
        { metric: metrics.lastComplete.name, labels, values: always(10) },
      ],
    },
    {
      title: 'the newest artifact passes every check but that it may be read, which is another alert',
      fires: [],
      series: () => [
        { metric: metrics.verified.name, labels: { ...labels, check: 'gzip' }, values: always(1) },
        { metric: metrics.verified.name, labels: { ...labels, check: 'readable' }, values: always(0) },
      ],
    },
    { title: 'nothing was verified yet', fires: [], absent: true, series: () => [] },
  ],
};

const unverified: Alert = {
  name: 'BackupUnverified',
  severity: 'warning',
  for: 300,
  threshold: null,
  expr: ({ recent }) => `min by (namespace, backup) (${recent(metrics.verified, 'check="readable"')}) == 0`,
  summary: 'backup {{ $labels.backup }} not verified',
  detail: 'the newest artifact cannot be read',
  value: '',
  action: 'Let the exporter read the artifacts, so that it can tell whether they would restore.',
  description: `The newest artifact of backup {{ $labels.backup }} is there but cannot be read, so nobody knows whether it is whole; ${lastGood}.`,
  runbook: {
    means:
      'The directory can be listed, but the newest artifact in it cannot be read: its time and size are known, its content is not verified.',
    steps: [
      'Compare the owner and mode of the file with the user of the exporter: `ls -la <directory> | tail`.',
      'Let the job write files that the group of the exporter may read (`umask 027`), or let the exporter run as the user that writes them.',
      'If the permissions are right, the disk may be failing: `dd if=<file> of=/dev/null`, `dmesg | tail`.',
    ],
  },
  panel: { dashboard, panel: 'Verification of the newest artifact' },
  object: 'backup',
  impossible: noBackups,
  scenarios: [
    {
      title: 'the newest artifact may not be read',
      fires: [labels],
      since: 300,
      series: () => [
        { metric: metrics.verified.name, labels: { ...labels, check: 'readable' }, values: steps([1, 300], [0, 3600]) },
        { metric: metrics.lastComplete.name, labels, values: always(10) },
      ],
    },
    {
      title: 'it can be read and is broken, which is another alert',
      fires: [],
      series: () => [
        { metric: metrics.verified.name, labels: { ...labels, check: 'gzip' }, values: always(0) },
        { metric: metrics.verified.name, labels: { ...labels, check: 'readable' }, values: always(1) },
      ],
    },
    { title: 'nothing was verified yet', fires: [], absent: true, series: () => [] },
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

const inFuture: Alert = {
  name: 'BackupInFuture',
  severity: 'warning',
  for: 900,
  threshold: { value: 0, unit: 'short' },
  expr: ({ recent, threshold }) =>
    `max by (namespace, backup) (${recent(metrics.artifacts, 'state="future"')}) > ${threshold}`,
  summary: 'backup {{ $labels.backup }} from the future',
  detail: `${several(value, 'artifact', 'artifacts')} named ahead of the clock`,
  value: several(value, 'artifact', 'artifacts'),
  action: 'Compare the clock that names the artifacts with the declared time zone.',
  description: `Of backup {{ $labels.backup }} ${several(value, 'artifact tells', 'artifacts tell')} a time that has not come yet: the clock that named them is wrong or the declared one is, and their age cannot be trusted.`,
  runbook: {
    means:
      'Names of artifacts tell a time ahead of now. The usual cause is a container that names them in another time zone than the environment declares (`clock`), or old zone data in its image.',
    steps: [
      'Compare `date -u` in the container that writes with the newest name: `ls <directory> | tail -1`.',
      'Set `clock` of the backup in the environment to the zone in which the names are written, or set the zone of the job.',
      'Artifacts that are rightly named leave the state by themselves when their time has come.',
    ],
  },
  panel: { dashboard, panel: 'Artifacts that need a look' },
  object: 'backup',
  impossible: noBackups,
  scenarios: [
    {
      title: 'the newest artifact is named five hours ahead',
      fires: [labels],
      since: 300,
      series: ({ threshold }) => [
        {
          metric: metrics.artifacts.name,
          labels: { ...labels, state: 'future' },
          values: steps([threshold, 300], [threshold + 1, 3600]),
        },
      ],
    },
    {
      title: 'artifacts of every other state exist',
      fires: [],
      series: ({ threshold }) => [
        { metric: metrics.artifacts.name, labels: { ...labels, state: 'future' }, values: always(threshold) },
        { metric: metrics.artifacts.name, labels: { ...labels, state: 'complete' }, values: always(threshold + 14) },
        { metric: metrics.artifacts.name, labels: { ...labels, state: 'invalid' }, values: always(threshold + 2) },
      ],
    },
    { title: 'the exporter says nothing of any artifact', fires: [], absent: true, series: () => [] },
  ],
};

const shrunk: Alert = {
  name: 'BackupShrunk',
  severity: 'warning',
  for: 60,
  threshold: { value: 0.5, unit: 'percentunit' },
  expr: ({ recent, threshold }) =>
    `min by (namespace, backup) (${recent(metrics.lastSize)}) / max by (namespace, backup) (${recent(metrics.medianSize)}) < ${threshold}`,
  summary: 'backup {{ $labels.backup }} shrunk',
  detail: `newest is ${percent(value)} of the usual size`,
  value: percent(value),
  action: 'Look whether the database lost data or the dump left something out.',
  description: `The newest artifact of backup {{ $labels.backup }} has ${percent(value)} of the median size of those that are kept.`,
  runbook: {
    means:
      'The newest complete artifact is far smaller than the retained ones usually are. Either the data was deleted, or the dump no longer holds all of it.',
    steps: [
      'Compare the newest artifacts: `ls -la <directory> | tail -5`.',
      'List what is in it: `pg_restore --list`, `zgrep -c "^COPY" <file>`, `ls -R` of a dump directory; look for a table or collection that is missing or empty.',
      'If the data was deleted on purpose, silence the alert until the median has followed; if not, keep the older artifacts out of the reach of the cleanup.',
    ],
  },
  panel: { dashboard, panel: 'Size of the newest artifact' },
  object: 'backup',
  impossible: noBackups,
  scenarios: [
    {
      title: 'the newest artifact has a little less than the share of the median',
      fires: [labels],
      since: 300,
      series: ({ threshold }) => [
        {
          metric: metrics.lastSize.name,
          labels,
          values: steps([1000, 300], [1000 * threshold - 1, 3600]),
        },
        { metric: metrics.medianSize.name, labels, values: always(1000) },
      ],
    },
    {
      title: 'it has exactly that share',
      fires: [],
      series: ({ threshold }) => [
        { metric: metrics.lastSize.name, labels, values: always(1000 * threshold) },
        { metric: metrics.medianSize.name, labels, values: always(1000) },
      ],
    },
    {
      title: 'no complete artifact exists yet, so no size is usual',
      fires: [],
      series: () => [
        { metric: metrics.lastSize.name, labels, values: always(0) },
        { metric: metrics.medianSize.name, labels, values: always(0) },
      ],
    },
    { title: 'the exporter says nothing of any backup', fires: [], absent: true, series: () => [] },
  ],
};

export const backups: Topic = { name: 'backups', alerts: [missed, invalid, unverified, unreadable, inFuture, shrunk] };
