import { backupMetrics } from '../../exporter/metrics/backup.ts';
import { cronJobMetrics as metrics } from '../../exporter/metrics/cronjob.ts';
import { dashboard, labels, lastGood } from '../backup-fragments.ts';
import {
  cleanup,
  cronJob,
  each,
  lastSuccess,
  makesBackups,
  noCronJobs,
  ofCronJob,
  purposeOf,
} from '../cronjob-fragments.ts';
import { always, steps } from '../scenarios.ts';
import { figure, found, span, value } from '../templates.ts';
import type { Alert, InputSeries, Topic } from '../types.ts';

/** When Jobs last failed and succeeded, each by schedule and by hand. */
function outcomes(failed: readonly [string, string], succeeded: readonly [string, string]): readonly InputSeries[] {
  return [
    { metric: metrics.lastFailure.name, labels: cronJob, values: failed[0] },
    { metric: metrics.lastManualFailure.name, labels: cronJob, values: failed[1] },
    { metric: metrics.lastSuccess.name, labels: cronJob, values: succeeded[0] },
    { metric: metrics.lastManualSuccess.name, labels: cronJob, values: succeeded[1] },
  ];
}

const [byHand, bySchedule] = [ofCronJob(metrics.lastManualFailure), ofCronJob(metrics.lastFailure)];
const sinceFailure = `time() - (${byHand} > ${bySchedule} or ${bySchedule})`;

const failing: Alert = {
  name: 'BackupCronJobFailing',
  severity: 'warning',
  for: 300,
  threshold: null,
  expr: ({ recent }) => {
    const latestOf = (metric: { readonly name: string }) => `max by (${each}) (${recent(metric)})`;
    const failed = (failure: { readonly name: string }) =>
      `${latestOf(failure)} > ${latestOf(metrics.lastSuccess)} and ${latestOf(failure)} > ${latestOf(metrics.lastManualSuccess)}`;
    return `${failed(metrics.lastFailure)} or ${failed(metrics.lastManualFailure)}`;
  },
  summary: 'CronJob {{ $labels.cronjob }} failing',
  detail: `failed ${figure(sinceFailure, span(found))} ago, ${lastSuccess}`,
  value: '',
  action: 'Read the log of the failed Job, mend its cause and start a run by hand.',
  description: `The last Job of the CronJob {{ $labels.cronjob }} of backup {{ $labels.backup }} failed ${figure(sinceFailure, span(found))} ago, and none has succeeded since; ${lastSuccess}.`,
  runbook: {
    means:
      'A Job that makes a backup, or deletes old ones, has failed, and neither the schedule nor a hand has brought a success since. The artifacts tell whether anything is lost; this alert tells why it will be.',
    steps: [
      'Read what it said: `kubectl get job -n <namespace> --sort-by=.status.startTime`, then `kubectl logs -n <namespace> job/<job>`. If its pods are gone: `kubectl describe job <job>`.',
      'The usual causes: a changed password, a full disk, a database that was not there, an image that cannot be pulled. A clean-up with `find <directory>/*` fails on an empty directory.',
      'Mend it and prove it: `kubectl create job -n <namespace> --from=cronjob/<name> <name>-by-hand`. The alert resolves when that Job succeeds.',
    ],
  },
  panel: { dashboard, panel: 'CronJobs' },
  object: 'cronjob',
  impossible: noCronJobs,
  scenarios: [
    {
      title: 'the last Job has failed',
      fires: [cronJob],
      since: 300,
      series: () => outcomes([steps([0, 300], [18, 3600]), always(0)], [always(10), always(5)]),
    },
    {
      title: 'a run by hand has failed, and perhaps nobody looks',
      fires: [cronJob],
      since: 300,
      series: () => outcomes([always(0), steps([0, 300], [18, 3600])], [always(10), always(5)]),
    },
    {
      title: 'the schedule has brought a success as late',
      fires: [],
      series: () => outcomes([always(18), always(18)], [always(18), always(0)]),
    },
    {
      title: 'a run by hand has succeeded as late',
      fires: [],
      series: () => outcomes([always(18), always(18)], [always(10), always(18)]),
    },
    {
      title: 'nothing is known of its Jobs',
      fires: [],
      series: () => outcomes([always(0), always(0)], [always(0), always(0)]),
    },
    { title: 'the exporter says nothing of any CronJob', fires: [], absent: true, series: () => [] },
  ],
};

const overdue: Alert = {
  name: 'BackupCronJobOverdue',
  severity: 'warning',
  for: 300,
  threshold: { value: 3600, unit: 's' },
  expr: ({ recent, threshold }) => `time() - max by (${each}) (${recent(metrics.due)}) > ${threshold}`,
  summary: 'CronJob {{ $labels.cronjob }} overdue',
  detail: `due ${span(value)} ago, ${lastSuccess}`,
  value: span(value),
  action: 'Look whether its Job waits, hangs or was never started.',
  description: `The CronJob {{ $labels.cronjob }} of backup {{ $labels.backup }} was due ${span(value)} ago, and no Job of it has succeeded since; ${lastSuccess}.`,
  runbook: {
    means:
      'By its own schedule the CronJob should have brought a success. No Job was started, or one waits, hangs or runs for longer than expected. A clean-up that stands still lets the volume grow; a backup that does is missed as soon as its grace has passed.',
    steps: [
      'See its Jobs and pods: `kubectl get cronjob,job,pod -n <namespace>`. A pod that is Pending tells why in `kubectl describe pod`; one that runs for hours tells in its log what it waits for.',
      'Without a Job: `kubectl describe cronjob <name>` lists what the controller met: a wrong time zone, a start deadline that has passed, a Job before it that still runs (`concurrencyPolicy: Forbid`).',
      'Start a run by hand to have it now: `kubectl create job -n <namespace> --from=cronjob/<name> <name>-by-hand`. The alert resolves when it succeeds.',
      'If a run rightly takes longer than the limit, raise `alerts.BackupCronJobOverdue.threshold`.',
    ],
  },
  panel: { dashboard, panel: 'CronJobs overdue' },
  object: 'cronjob',
  impossible: noCronJobs,
  scenarios: [
    {
      title: 'the clean-up has not succeeded for the limit since it was due',
      fires: [cleanup],
      since: 315,
      series: ({ threshold, seconds }) => [
        { metric: metrics.due.name, labels: cleanup, values: always(seconds(300) - threshold) },
        { metric: metrics.lastSuccess.name, labels: cleanup, values: always(10) },
      ],
    },
    {
      title: 'it has succeeded in time, so that it is due in the future again',
      fires: [],
      at: 900,
      series: ({ threshold, seconds }) => [
        {
          metric: metrics.due.name,
          labels: cleanup,
          values: steps([seconds(300) - threshold, 300], [seconds(900), 3600]),
        },
      ],
    },
    { title: 'when it is due is not known', fires: [], absent: true, series: () => [] },
  ],
};

/** What the scenarios have in common: the CronJob has started a Job at 1000, and its clean-up one long after. */
const scheduled = [
  purposeOf(cronJob, 'backup'),
  purposeOf(cleanup, 'cleanup'),
  { metric: metrics.lastSchedule.name, labels: cronJob, values: always(1000) },
  { metric: metrics.lastSchedule.name, labels: cleanup, values: always(9000) },
  { metric: metrics.lastSuccess.name, labels: cleanup, values: always(9000) },
];

const withoutArtifact: Alert = {
  name: 'BackupWithoutArtifact',
  severity: 'critical',
  for: 900,
  threshold: { value: 300, unit: 's' },
  expr: (context) => {
    const { recent, threshold } = context;
    const run = `${recent(metrics.lastSchedule)} <= ${recent(metrics.lastSuccess)} and ${makesBackups(context)}`;
    const written = `max by (namespace, backup) (${recent(backupMetrics.lastWritten)})`;
    return `max by (namespace, backup) (${run}) - on (namespace, backup) ${written} > ${threshold}`;
  },
  summary: 'backup {{ $labels.backup }} without artifact',
  detail: `its Job succeeded, ${lastGood}`,
  value: '',
  limit: '',
  action: 'Do not trust the Job: find where it writes to and why no complete artifact arrived.',
  description: `The last scheduled Job of backup {{ $labels.backup }} has succeeded, but no complete artifact was written since it was due; ${lastGood}.`,
  runbook: {
    means:
      'The Job says that all went well, and there is nothing to restore from: it wrote nothing, wrote elsewhere, or what it wrote is not complete. A script whose last command succeeds hides the failure of those before it.',
    steps: [
      'Read its log: `kubectl logs -n <namespace> job/<newest job>`. It should say what it wrote, and how much.',
      'Compare where it writes with what the exporter watches: the claim or host path in the CronJob, and `directory` of the backup in the environment. On a cluster of several nodes a host path is another one on each.',
      'Ask the exporter what it sees: its `/explain` lists artifacts that are not complete, with the reason, and names that it does not recognise.',
      'Let the script fail when a part of it does: `set -euo pipefail`. Then start a run by hand; the alert resolves with the next complete artifact.',
      'If artifacts rightly carry an older time of modification (`cp -p`, `rsync -t`), raise `alerts.BackupWithoutArtifact.threshold`.',
    ],
  },
  panel: { dashboard, panel: 'Newest artifact older than its run' },
  object: 'backup',
  impossible: ({ backups }) =>
    backups.some((backup) => backup.cronJob !== null) ? undefined : 'no backup declares the CronJob that makes it',
  scenarios: [
    {
      title: 'its Job has succeeded and left nothing that is complete',
      fires: [labels],
      since: 300,
      series: ({ threshold }) => [
        ...scheduled,
        { metric: metrics.lastSuccess.name, labels: cronJob, values: steps([10, 300], [1030, 3600]) },
        { metric: backupMetrics.lastWritten.name, labels, values: always(1000 - threshold - 1) },
        { metric: backupMetrics.lastComplete.name, labels, values: always(10) },
      ],
    },
    {
      title: 'its Job took no time, and there never was an artifact',
      fires: [labels],
      series: () => [
        ...scheduled,
        { metric: metrics.lastSuccess.name, labels: cronJob, values: always(1000) },
        { metric: backupMetrics.lastWritten.name, labels, values: always(0) },
        { metric: backupMetrics.lastComplete.name, labels, values: always(0) },
      ],
    },
    {
      title: 'the artifact is as old as clocks may differ',
      fires: [],
      series: ({ threshold }) => [
        ...scheduled,
        { metric: metrics.lastSuccess.name, labels: cronJob, values: always(1030) },
        { metric: backupMetrics.lastWritten.name, labels, values: always(1000 - threshold) },
      ],
    },
    {
      title: 'its Job still runs, or has failed, which is another alert',
      fires: [],
      series: () => [
        ...scheduled,
        { metric: metrics.lastSuccess.name, labels: cronJob, values: always(999) },
        { metric: backupMetrics.lastWritten.name, labels, values: always(10) },
      ],
    },
    { title: 'the exporter says nothing of any CronJob', fires: [], absent: true, series: () => [] },
  ],
};

/** What the Jobs of backups come to. */
export const runs: Topic = { name: 'runs', alerts: [failing, overdue, withoutArtifact] };
