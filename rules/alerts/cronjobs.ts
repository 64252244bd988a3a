import { cronJobMetrics as metrics } from '../../exporter/metrics/cronjob.ts';
import { selfMetrics } from '../../exporter/metrics/self.ts';
import { dashboard } from '../backup-fragments.ts';
import { cronJob, each, lastSuccess, noCronJobs } from '../cronjob-fragments.ts';
import { always, grows, steps } from '../scenarios.ts';
import { figure, reason } from '../templates.ts';
import type { Alert, Topic } from '../types.ts';

const panel = { dashboard, panel: 'CronJobs' };

const missing: Alert = {
  name: 'BackupCronJobMissing',
  severity: 'warning',
  for: 900,
  threshold: null,
  expr: ({ recent }) => `max by (${each}) (${recent(metrics.present)}) == 0`,
  summary: 'CronJob {{ $labels.cronjob }} missing',
  detail: `of backup {{ $labels.backup }}, ${lastSuccess}`,
  value: '',
  action: 'Create the CronJob again, or take it out of the environment if another one has its place.',
  description: `The CronJob {{ $labels.cronjob }}, which backup {{ $labels.backup }} declares, does not exist in {{ $labels.cronjob_namespace }}; ${lastSuccess}.`,
  runbook: {
    means:
      'A CronJob that the environment declares does not exist. Nothing will be backed up, or cleaned up, at its next time; what it has left so far is there.',
    steps: [
      'Look what is there: `kubectl get cronjob -n <namespace>`. Was it renamed? Then rename it in the environment, `backups[].cronJob` or `backups[].cleanup`.',
      'Find who deleted it: with Flux or Argo CD the commit that removed its manifest, else the last `kubectl apply --prune` or `kubectl delete`.',
      'Apply its manifest again; the alert resolves as soon as it exists.',
    ],
  },
  panel,
  object: 'cronjob',
  impossible: noCronJobs,
  scenarios: [
    {
      title: 'the CronJob was deleted',
      fires: [cronJob],
      since: 300,
      series: () => [
        { metric: metrics.present.name, labels: cronJob, values: steps([1, 300], [0, 3600]) },
        { metric: metrics.lastSuccess.name, labels: cronJob, values: always(10) },
      ],
    },
    {
      title: 'it never existed',
      fires: [cronJob],
      series: () => [{ metric: metrics.present.name, labels: cronJob, values: always(0) }],
    },
    {
      title: 'it exists',
      fires: [],
      series: () => [{ metric: metrics.present.name, labels: cronJob, values: always(1) }],
    },
    { title: 'it cannot be read, so that nothing is said of it', fires: [], absent: true, series: () => [] },
  ],
};

const suspended: Alert = {
  name: 'BackupCronJobSuspended',
  severity: 'warning',
  for: 3600,
  threshold: null,
  expr: ({ recent }) => `max by (${each}) (${recent(metrics.suspended)}) > 0`,
  summary: 'CronJob {{ $labels.cronjob }} suspended',
  detail: `of backup {{ $labels.backup }}, ${lastSuccess}`,
  value: '',
  action: 'Let it run again when the work for which it was suspended is done.',
  description: `The CronJob {{ $labels.cronjob }} of backup {{ $labels.backup }} is suspended, so that its schedule starts nothing; ${lastSuccess}.`,
  runbook: {
    means:
      'Somebody has suspended a CronJob of a backup, perhaps for a restore or a migration, and it is easily forgotten: until it runs again nothing is backed up, or nothing is cleaned up.',
    steps: [
      'Ask who suspended it and why: `kubectl get cronjob <name> -n <namespace> -o yaml --show-managed-fields`.',
      'Let it run again: `kubectl patch cronjob <name> -n <namespace> -p \'{"spec":{"suspend":false}}\'`. If Flux or Argo CD applies its manifest, change `suspend` there.',
      'If it is to rest for longer, silence this alert for as long as that, with the reason.',
    ],
  },
  panel,
  object: 'cronjob',
  impossible: noCronJobs,
  scenarios: [
    {
      title: 'the CronJob was suspended and forgotten',
      fires: [cronJob],
      since: 300,
      series: () => [
        { metric: metrics.suspended.name, labels: cronJob, values: steps([0, 300], [1, 6600]) },
        { metric: metrics.lastSuccess.name, labels: cronJob, values: always(10) },
      ],
    },
    {
      title: 'it runs',
      fires: [],
      series: () => [{ metric: metrics.suspended.name, labels: cronJob, values: always(0) }],
    },
    { title: 'it does not exist', fires: [], absent: true, series: () => [] },
  ],
};

const source = { collector: 'cronjobs', source: 'shop/shop-database-backup' };

const unreadable: Alert = {
  name: 'BackupCronJobUnreadable',
  severity: 'warning',
  for: 300,
  threshold: null,
  expr: ({ recent }) =>
    `min by (namespace, collector, source) (${recent(selfMetrics.sourceUp, 'collector="cronjobs"')}) == 0`,
  summary: '{{ $labels.source }} unreadable',
  detail: figure(
    `topk(1, increase(${selfMetrics.sourceErrors.name}{namespace=$namespace,collector=$collector,source=$source}[5m]) > 0)`,
    reason,
    'the API does not give it',
  ),
  value: '',
  action: 'Give the exporter the rights to read it again, or bring the API server back.',
  description:
    'The exporter cannot read {{ $labels.source }} from the API of Kubernetes; whether the CronJobs of the backups run is not known now.',
  runbook: {
    means:
      'CronJobs or Jobs of backups cannot be read from the API. Backups may still be made, and their artifacts are still watched; but a CronJob that is suspended, missing or failing is not seen.',
    steps: [
      'Ask the exporter for the reason and the missing verb: `/explain` of its role `api`, with its token.',
      '`permission_denied`: compare `kubectl auth can-i --list --as=system:serviceaccount:<namespace>:<name> -n <namespace>` with the Role that was built; applying the environment again restores it.',
      'Otherwise see whether the API answers at all: `kubectl get --raw /readyz`, and whether a NetworkPolicy lets the exporter reach it.',
    ],
  },
  panel: { dashboard, panel: 'CronJobs readable' },
  object: 'source',
  impossible: noCronJobs,
  scenarios: [
    {
      title: 'the right to watch the CronJob was taken away',
      fires: [source],
      since: 300,
      series: () => [
        { metric: selfMetrics.sourceUp.name, labels: source, values: steps([1, 300], [0, 3600]) },
        {
          metric: selfMetrics.sourceErrors.name,
          labels: { ...source, reason: 'permission_denied' },
          values: grows(1),
        },
      ],
    },
    {
      title: 'it can be read, and something else cannot',
      fires: [],
      series: () => [
        { metric: selfMetrics.sourceUp.name, labels: source, values: always(1) },
        { metric: selfMetrics.sourceUp.name, labels: { collector: 'volumes', source: 'x' }, values: always(0) },
      ],
    },
    { title: 'the exporter says nothing of its sources', fires: [], absent: true, series: () => [] },
  ],
};

/** Whether the CronJobs that make and clean up backups are there and may run. */
export const cronJobs: Topic = { name: 'cronjobs', alerts: [missing, suspended, unreadable] };
