import { type cronJobPurposes, cronJobMetrics as metrics } from '../exporter/metrics/cronjob.ts';
import type { Stack } from '../stack/types.ts';
import { always } from './scenarios.ts';
import { figure, found, latest, span } from './templates.ts';
import type { Labels, RuleContext } from './types.ts';

/** What the alerts of CronJobs have in common: the labels that tell one, for `by` and `on`. */
export const each = 'namespace, backup, cronjob_namespace, cronjob';

/** The CronJob of the scenarios, and the other one of the same backup. */
export const cronJob = { backup: 'shop-database', cronjob_namespace: 'shop', cronjob: 'shop-database-backup' };
export const cleanup = { ...cronJob, cronjob: 'shop-database-cleanup' };

/** What a CronJob of the scenarios is for. */
export function purposeOf(labels: Labels, purpose: (typeof cronJobPurposes)[number]) {
  return {
    metric: metrics.info.name,
    labels: { ...labels, purpose, schedule: '0 2 * * *', timezone: 'UTC' },
    values: always(1),
  };
}

/** Matcher that leaves CronJobs that make backups, for `and`. */
export function makesBackups({ recent }: RuleContext): string {
  return `on (${each}) ${recent(metrics.info, 'purpose="backup"')}`;
}

export function noCronJobs({ backups }: Stack): string | undefined {
  return backups.some((backup) => backup.cronJob !== null || backup.cleanup !== null)
    ? undefined
    : 'no backup declares a CronJob';
}

/** A series of the alerting CronJob, for `figure`. */
export function ofCronJob(metric: { readonly name: string }): string {
  return latest(metric, 'backup=$backup,cronjob_namespace=$cronjob_namespace,cronjob=$cronjob');
}

/** `last success 1d 2h ago`. */
export const lastSuccess = figure(
  `time() - (${ofCronJob(metrics.lastSuccess)} > 0)`,
  `last success ${span(found)} ago`,
  'no success known',
);
