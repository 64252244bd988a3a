import { type BackupCheck, decisiveChecks, backupMetrics as metrics } from '../../exporter/metrics/backup.ts';
import { cronJobMetrics } from '../../exporter/metrics/cronjob.ts';
import { dashboard, labels, lastGood, noBackups } from '../backup-fragments.ts';
import { cleanup, cronJob, makesBackups, purposeOf } from '../cronjob-fragments.ts';
import { always, steps } from '../scenarios.ts';
import { latest, list } from '../templates.ts';
import type { Alert, RuleContext, Topic } from '../types.ts';

const decisive = `check=~"${decisiveChecks.join('|')}"`;

const failedChecks = list(
  `${latest(metrics.verified, `backup=$backup,${decisive}`)} == 0`,
  '{{ .Labels.check | reReplaceAll "_" " " }}',
);

/** Backups whose newest artifact was looked at while the Job that may still write it runs: the Job may only have paused. */
function beingWritten(context: RuleContext): string {
  const { recent } = context;
  const running = `${recent(cronJobMetrics.lastSchedule)} and ${recent(cronJobMetrics.activeJobs)} > 0 and ${makesBackups(context)}`;
  return `max by (namespace, backup) (${recent(metrics.lastVerified)}) > max by (namespace, backup) (${running})`;
}

const failed = { metric: metrics.verified.name, labels: { ...labels, check: 'trailer' }, values: always(0) };

/** Series of a Job that was started at 100. */
function started(by: typeof cronJob, purpose: 'backup' | 'cleanup', active: number) {
  return [
    purposeOf(by, purpose),
    { metric: cronJobMetrics.lastSchedule.name, labels: by, values: always(100) },
    { metric: cronJobMetrics.activeJobs.name, labels: by, values: always(active) },
  ];
}

const invalid: Alert = {
  name: 'BackupInvalid',
  severity: 'critical',
  for: 300,
  threshold: null,
  expr: (context) =>
    `min by (namespace, backup) (${context.recent(metrics.verified, decisive)}) == 0 unless ${beingWritten(context)}`,
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
      title: 'an older run has left it, and a new one is only begun',
      fires: [labels],
      series: () => [
        failed,
        { metric: metrics.lastVerified.name, labels, values: always(100) },
        ...started(cronJob, 'backup', 1),
      ],
    },
    {
      title: 'the Job that has left it is at its end',
      fires: [labels],
      series: () => [
        failed,
        { metric: metrics.lastVerified.name, labels, values: always(101) },
        ...started(cronJob, 'backup', 0),
      ],
    },
    {
      title: 'the clean-up runs, which writes no artifact',
      fires: [labels],
      series: () => [
        failed,
        { metric: metrics.lastVerified.name, labels, values: always(101) },
        ...started(cleanup, 'cleanup', 1),
      ],
    },
    {
      title: 'the Job that writes it has only paused',
      fires: [],
      series: () => [
        failed,
        { metric: metrics.lastVerified.name, labels, values: always(101) },
        ...started(cronJob, 'backup', 1),
      ],
    },
    {
      title: 'the newest artifact passes every check that decides',
      fires: [],
      series: () => [
        { metric: metrics.verified.name, labels: { ...labels, check: 'gzip' }, values: always(1) },
        ...['readable', 'sidecar', 'attested'].map((check) => ({
          metric: metrics.verified.name,
          labels: { ...labels, check },
          values: always(0),
        })),
      ],
    },
    { title: 'nothing was verified yet', fires: [], absent: true, series: () => [] },
  ],
};

/** What makes it doubtful whether an artifact is good, though it counts. */
const doubts = { readable: 'cannot be read', sidecar: 'differs from its .meta.json file' } as const satisfies {
  readonly [Check in BackupCheck]?: string;
};
const doubtful = `check=~"${Object.keys(doubts).join('|')}"`;
const doubt = list(
  `${latest(metrics.verified, `backup=$backup,${doubtful}`)} == 0`,
  `{{ if eq .Labels.check "readable" }}${doubts.readable}{{ else }}${doubts.sidecar}{{ end }}`,
);

const unverified: Alert = {
  name: 'BackupUnverified',
  severity: 'warning',
  for: 300,
  threshold: null,
  expr: ({ recent }) => `min by (namespace, backup) (${recent(metrics.verified, doubtful)}) == 0`,
  summary: 'backup {{ $labels.backup }} not verified',
  detail: `the newest artifact ${doubt}`,
  value: '',
  action: 'Let the exporter read the artifacts, or find why one differs from what was noted of it.',
  description: `The newest artifact of backup {{ $labels.backup }} is there, but nobody knows whether it is whole, as it ${doubt}; ${lastGood}.`,
  runbook: {
    means:
      'The newest artifact counts as good by all that is known of it, but that is not enough: its content cannot be read, or it has another size than the `.meta.json` file beside it says.',
    steps: [
      'Compare the owner and mode of the file with the user of the exporter: `ls -la <directory> | tail`.',
      'Let the job write files that the group of the exporter may read (`umask 027`), or let the exporter run as the user that writes them.',
      'If the permissions are right, the disk may be failing: `dd if=<file> of=/dev/null`, `dmesg | tail`.',
      'If it can be read and its sidecar differs: `cat <file>.meta.json`, `stat -c %s <file>`. The dump was written anew without it, or copied only in part.',
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
      title: 'it differs from its sidecar',
      fires: [labels],
      series: () => [
        { metric: metrics.verified.name, labels: { ...labels, check: 'readable' }, values: always(1) },
        { metric: metrics.verified.name, labels: { ...labels, check: 'sidecar' }, values: always(0) },
        { metric: metrics.lastComplete.name, labels, values: always(10) },
      ],
    },
    {
      title: 'it can be read and is broken, which is another alert, or its owner has not looked at it yet',
      fires: [],
      series: () => [
        { metric: metrics.verified.name, labels: { ...labels, check: 'gzip' }, values: always(0) },
        { metric: metrics.verified.name, labels: { ...labels, check: 'attested' }, values: always(0) },
        { metric: metrics.verified.name, labels: { ...labels, check: 'readable' }, values: always(1) },
      ],
    },
    { title: 'nothing was verified yet', fires: [], absent: true, series: () => [] },
  ],
};

/** Whether what backups leave behind would restore. */
export const verification: Topic = { name: 'verification', alerts: [invalid, unverified] };
