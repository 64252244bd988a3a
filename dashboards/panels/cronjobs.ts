import * as units from '@grafana/grafana-foundation-sdk/units';
import { backupMetrics } from '../../exporter/metrics/backup.ts';
import { cronJobMetrics as metrics } from '../../exporter/metrics/cronjob.ts';
import { selfMetrics } from '../../exporter/metrics/self.ts';
import type { Stack } from '../../stack/types.ts';
import { goodOrBad, words } from '../kit/mappings.ts';
import { graph, states } from '../kit/panels.ts';
import { over } from '../kit/queries.ts';
import { series } from '../kit/selectors.ts';
import { table } from '../kit/table.ts';
import { above, colours, goodFrom } from '../kit/thresholds.ts';
import type { PanelContext } from '../types.ts';
import { selected, silent } from './backup-series.ts';

export function withoutCronJobs({ backups }: Stack): string | undefined {
  return backups.some(({ cronJob, cleanup }) => cronJob !== null || cleanup !== null)
    ? undefined
    : 'no backup declares a CronJob';
}

const identity = 'backup, cronjob_namespace, cronjob';
const ofEach = (metric: Parameters<typeof series>[0]) => `max by (${identity}) (${series(metric, selected)})`;
/** A moment that Grafana shows as such; left out when it never came. */
const moment = (metric: Parameters<typeof series>[0]) => `(${ofEach(metric)} > 0) * 1000`;

export function cronJobs() {
  return table(
    'CronJobs',
    'The CronJobs that make the backups and clean them up, as the cluster has them, and what their Jobs came to.',
    { noValue: '-', size: [24, 6] },
    {
      labels: { backup: 'Backup', cronjob_namespace: 'Namespace', cronjob: 'CronJob' },
      columns: [
        { name: 'There', expr: ofEach(metrics.present), unit: units.Short, mappings: goodOrBad('yes', 'missing') },
        { name: 'Schedule', expr: ofEach(metrics.suspended), unit: units.Short, mappings: suspension },
        { name: 'Running', expr: ofEach(metrics.activeJobs), unit: units.Short, decimals: 0 },
        { name: 'Last started', expr: moment(metrics.lastSchedule), unit: units.DatetimeISO },
        { name: 'Last success', expr: moment(metrics.lastSuccess), unit: units.DatetimeISO },
        { name: 'Last failure', expr: moment(metrics.lastFailure), unit: units.DatetimeISO },
        { name: 'Success by hand', expr: moment(metrics.lastManualSuccess), unit: units.DatetimeISO },
        { name: 'Failure by hand', expr: moment(metrics.lastManualFailure), unit: units.DatetimeISO },
        { name: 'Took', expr: ofEach(metrics.lastDuration), unit: units.Seconds, decimals: 0 },
        { name: 'Due', expr: moment(metrics.due), unit: units.DatetimeISO },
      ],
      sortBy: 'CronJob',
    },
  );
}

const suspension = words({ text: 'runs', color: colours.good }, { text: 'suspended', color: colours.warning });

export function overdue({ limit }: PanelContext) {
  return graph(
    'CronJobs overdue',
    'How long ago each CronJob should have brought its next success; 0 until that time has come.',
    { unit: units.Seconds, noValue: silent, min: 0, steps: above(limit('BackupCronJobOverdue')) },
    over(`clamp_min(time() - ${ofEach(metrics.due)}, 0)`, '{{cronjob}} of {{backup}}'),
  );
}

export function behindItsRun({ limit }: PanelContext) {
  const makesIt = `on (${identity}) ${series(metrics.info, { ...selected, purpose: 'backup' })}`;
  const started = `max by (backup) (${series(metrics.lastSchedule, selected)} and ${makesIt})`;
  const written = `max by (backup) (${series(backupMetrics.lastWritten, selected)} > 0)`;
  return graph(
    'Newest artifact older than its run',
    'By how much the newest complete artifact is older than the last scheduled run: above 0 while the run goes on only.',
    { unit: units.Seconds, noValue: 'no complete artifact', min: 0, steps: above(limit('BackupWithoutArtifact')) },
    over(`clamp_min(${started} - ${written}, 0)`, '{{backup}}'),
  );
}

export function readable() {
  const up = series(selfMetrics.sourceUp, { collector: 'cronjobs' });
  return states(
    'CronJobs readable',
    'Whether the exporter could read each CronJob, and the Jobs of its namespace, from the API.',
    { unit: units.Short, noValue: silent, mappings: goodOrBad('readable', 'unreadable'), steps: goodFrom(1) },
    over(`min by (source) (${up})`, '{{source}}'),
  );
}
