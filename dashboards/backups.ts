import * as units from '@grafana/grafana-foundation-sdk/units';
import { decisiveChecks, backupMetrics as metrics } from '../exporter/metrics/backup.ts';
import { selfMetrics } from '../exporter/metrics/self.ts';
import { backup as records } from '../rules/vocabulary.ts';
import { goodOrBad } from './kit/mappings.ts';
import { graph, problems, stat, states } from './kit/panels.ts';
import { now, over } from './kit/queries.ts';
import { series } from './kit/selectors.ts';
import { table } from './kit/table.ts';
import { above, goodFrom } from './kit/thresholds.ts';
import { backup, selected, silent } from './panels/backup-series.ts';
import * as cronJobs from './panels/cronjobs.ts';
import { artifacts, deletedEarly, keptTooLong, oldest, stored } from './panels/retention.ts';
import type { DashboardSource, PanelContext } from './types.ts';

export const backups: DashboardSource = {
  uid: 'lookout-backups',
  title: 'Backups',
  description: 'Whether every backup is there, recent, whole and kept as declared.',
  from: 'now-7d',
  variables: () => [backup.variable()],
  impossible: (stack) => (stack.backups.length === 0 ? 'no backup is declared' : undefined),
  rows: [
    {
      title: 'Is every backup good?',
      panels: [late, broken, unreadable, longestSinceGood, farthestBehind, nextRun, stateOfEach],
    },
    { title: 'Recent', panels: [ageOfEach, missedRuns] },
    { title: 'Whole', panels: [verification, readable, size, oddArtifacts] },
    {
      title: 'CronJobs',
      panels: [cronJobs.cronJobs, cronJobs.overdue, cronJobs.behindItsRun, cronJobs.readable],
      impossible: cronJobs.withoutCronJobs,
    },
    { title: 'Kept', panels: [artifacts, oldest, keptTooLong, deletedEarly, stored] },
  ],
};

const missed = `max by (backup) (${series(metrics.missedRuns, selected)})`;
const age = `min by (backup) (${series(metrics.age, selected)})`;
const interval = `max by (backup) (${series(metrics.expectedInterval, selected)})`;
const nextExpected = `max by (backup) (${series(metrics.nextExpected, selected)})`;
const lastGood = `max by (backup) (${series(metrics.lastComplete, selected)} > 0)`;
const lastSize = `max by (backup) (${series(metrics.lastSize, selected)})`;
const medianSize = `max by (backup) (${series(metrics.medianSize, selected)})`;
const decisive = { ...selected, check: { matches: decisiveChecks.join('|') } };
const verified = `min by (backup) (${series(metrics.verified, decisive)})`;
const lastVerified = `max by (backup) (${series(metrics.lastVerified, selected)})`;
const sourceUp = `min by (source) (${series(selfMetrics.sourceUp, { collector: 'backups', source: backup.selected })})`;

function late({ limit }: PanelContext) {
  return problems(
    'Backups late',
    'Backups of which a scheduled run and its grace have passed without a complete artifact. The table says which.',
    silent,
    `${missed} > bool ${limit('BackupMissed').value}`,
  );
}

function broken() {
  return problems(
    'Backups that would not restore',
    'Backups whose newest artifact failed a check: empty, cut short or damaged.',
    silent,
    `${verified} == bool 0`,
  );
}

function unreadable() {
  return problems(
    'Backups not readable',
    'Backups whose directory cannot be read; nothing new is known of them until it can.',
    silent,
    `${sourceUp} == bool 0`,
  );
}

function longestSinceGood() {
  return stat(
    'Longest since a good backup',
    'Age of the newest complete artifact of the backup that is worst off: what would be lost now.',
    { unit: units.Seconds, noValue: silent, decimals: 1 },
    now(`max(${age})`, 'age'),
  );
}

function farthestBehind() {
  return stat(
    'Age against the interval',
    'The same age as a share of the interval that the schedule expects; up to 100 % and the grace is normal.',
    { unit: units.PercentUnit, noValue: silent, decimals: 0 },
    now(`max(${age} / ${interval})`, 'age / interval'),
  );
}

function nextRun() {
  return stat(
    'Next backup expected',
    'The next scheduled time of any of the backups.',
    { unit: units.DateTimeFromNow, noValue: 'no schedule is declared' },
    now(`min(${nextExpected}) * 1000`, 'next'),
  );
}

function stateOfEach({ limit }: PanelContext) {
  const steps = above(limit('BackupMissed'));
  return table(
    'State of each backup',
    'The newest complete artifact of each backup, when the next one is due, and whether it passed its checks.',
    { noValue: '-', size: [24, 6] },
    {
      labels: { backup: 'Backup' },
      columns: [
        { name: 'Missed runs', expr: missed, unit: units.Short, steps },
        { name: 'Age', expr: age, unit: units.Seconds, decimals: 1 },
        { name: 'Last good', expr: `${lastGood} * 1000`, unit: units.DatetimeISO },
        { name: 'Next expected', expr: `${nextExpected} * 1000`, unit: units.DatetimeISO },
        { name: 'Size', expr: lastSize, unit: units.BytesIEC },
        { name: 'Median size', expr: medianSize, unit: units.BytesIEC },
        { name: 'Verification', expr: verified, unit: units.Short, mappings: goodOrBad('passed', 'failed') },
        { name: 'Verified', expr: `${lastVerified} * 1000`, unit: units.DatetimeISO },
      ],
      sortBy: 'Missed runs',
      descending: true,
    },
  );
}

function ageOfEach({ limit, stack }: PanelContext) {
  const deletedAt = `max by (backup) (${series(records.retentionAge, selected)})`;
  const expiring = over(`${limit('BackupExpiring').value} * ${deletedAt}`, '{{backup}} alert above');
  return graph(
    'Age of the newest complete artifact',
    'A saw tooth: it grows until the next backup is complete, and should fall before it passes the expected interval.',
    { unit: units.Seconds, noValue: silent, min: 0 },
    over(age, '{{backup}}'),
    over(interval, '{{backup}} expected interval'),
    ...(stack.backups.some(({ retention }) => retention !== null) ? [expiring] : []),
  );
}

function missedRuns({ limit }: PanelContext) {
  return graph(
    'Missed runs',
    'Scheduled times that have passed, their grace included, since the newest complete artifact.',
    { unit: units.Short, noValue: silent, decimals: 0, min: 0, steps: above(limit('BackupMissed')) },
    over(missed, '{{backup}}'),
  );
}

function verification() {
  return states(
    'Verification of the newest artifact',
    'Each check of each backup over time.',
    { unit: units.Short, noValue: 'nothing verified yet', mappings: goodOrBad('passed', 'failed'), steps: goodFrom(1) },
    over(`min by (backup, check) (${series(metrics.verified, selected)})`, '{{backup}} {{check}}'),
  );
}

function readable() {
  return states(
    'Readable',
    'Whether the exporter could read the directory of each backup.',
    { unit: units.Short, noValue: silent, mappings: goodOrBad('readable', 'unreadable'), steps: goodFrom(1) },
    over(sourceUp, '{{source}}'),
  );
}

function size({ limit }: PanelContext) {
  return graph(
    'Size of the newest artifact',
    'A suddenly small artifact is a dump that broke off. The alert compares it with the median of those kept.',
    { unit: units.BytesIEC, noValue: 'no complete artifact', min: 0 },
    over(lastSize, '{{backup}}'),
    over(medianSize, '{{backup}} median'),
    over(`${limit('BackupShrunk').value} * ${medianSize}`, '{{backup}} alert below'),
  );
}

function oddArtifacts({ limit }: PanelContext) {
  const states = { matches: 'incomplete|invalid|future' };
  return graph(
    'Artifacts that need a look',
    'Artifacts that are incomplete, invalid or from the future: a clock or a time zone is wrong, or a run broke off.',
    { unit: units.Short, noValue: silent, decimals: 0, min: 0, steps: above(limit('BackupInFuture')) },
    over(
      `sum by (backup, state) (${series(metrics.artifacts, { ...selected, state: states })})`,
      '{{backup}} {{state}}',
    ),
  );
}
