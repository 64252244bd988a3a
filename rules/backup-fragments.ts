import { backupMetrics as metrics } from '../exporter/metrics/backup.ts';
import type { Stack } from '../stack/types.ts';
import { figure, found, latest, span } from './templates.ts';

/** What the alerts of backups have in common. */
export const dashboard = 'lookout-backups';

/** The backup of the scenarios. */
export const labels = { backup: 'shop-database' };

export const noBackups = (stack: Stack) => (stack.backups.length === 0 ? 'no backup is declared' : undefined);

export function withoutRetention({ backups }: Stack): string | undefined {
  return backups.some(({ retention }) => retention !== null) ? undefined : 'no backup declares a retention';
}

/** A series of the alerting backup, for `figure`. */
export function ofBackup(metric: { readonly name: string }): string {
  return latest(metric, 'backup=$backup');
}

/** `last good 1d 2h ago`. */
export const lastGood = figure(
  `time() - (${ofBackup(metrics.lastComplete)} > 0)`,
  `last good ${span(found)} ago`,
  'no good backup found',
);
