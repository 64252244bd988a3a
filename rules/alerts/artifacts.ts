import { backupMetrics as metrics } from '../../exporter/metrics/backup.ts';
import { dashboard, labels, noBackups } from '../backup-fragments.ts';
import { always, steps } from '../scenarios.ts';
import { percent, several, value } from '../templates.ts';
import type { Alert, Topic } from '../types.ts';

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

/** Whether what backups leave behind is as large and as old as one would expect. */
export const artifacts: Topic = { name: 'artifacts', alerts: [shrunk, inFuture] };
