import * as units from '@grafana/grafana-foundation-sdk/units';
import { formatDuration } from '../../common/durations.ts';
import { backupMetrics as metrics } from '../../exporter/metrics/backup.ts';
import { backup as records } from '../../rules/vocabulary.ts';
import { graph, stacked } from '../kit/panels.ts';
import { over } from '../kit/queries.ts';
import { increase, series } from '../kit/selectors.ts';
import { above } from '../kit/thresholds.ts';
import type { PanelContext } from '../types.ts';
import { selected, silent } from './backup-series.ts';

export function artifacts({ stack }: PanelContext) {
  const floor = over(`max by (backup) (${series(records.retentionFloor, selected)})`, '{{backup}} must stay');
  return graph(
    'Artifacts by state',
    'What lies in the directories, and how many complete artifacts must stay there.',
    { unit: units.Short, noValue: silent, decimals: 0, min: 0 },
    over(`sum by (backup, state) (${series(metrics.artifacts, selected)})`, '{{backup}} {{state}}'),
    ...(stack.backups.some(({ retention }) => retention !== null) ? [floor] : []),
  );
}

export function oldest() {
  return graph(
    'Age of the oldest artifact',
    'It should stay below the declared retention; when it passes it, the cleanup does not run.',
    { unit: units.Seconds, noValue: 'no artifact', min: 0 },
    over(`time() - min by (backup) (${series(metrics.oldest, selected)} > 0)`, '{{backup}}'),
    over(`max by (backup) (${series(metrics.retention, selected)})`, '{{backup}} retention'),
  );
}

export function keptTooLong({ limit }: PanelContext) {
  return graph(
    'Artifacts kept too long',
    'Artifacts older than the declared retention with its tolerance: the cleanup does not run or does not match.',
    { unit: units.Short, noValue: silent, decimals: 0, min: 0, steps: above(limit('BackupRetentionExceeded')) },
    over(`max by (backup) (${series(metrics.overkept, selected)})`, '{{backup}}'),
  );
}

export function deletedEarly({ limit, stack }: PanelContext) {
  const interval = formatDuration(3600 / stack.pace);
  const steps = above(limit('BackupDeletedEarly'));
  return graph(
    'Artifacts deleted early',
    'Complete artifacts that vanished before their retention had passed: by hand, or by a cleanup with another idea.',
    { unit: units.Short, noValue: silent, decimals: 0, min: 0, steps, interval },
    over(`max by (backup) (${increase(series(metrics.deletedEarly, selected))})`, '{{backup}}'),
  );
}

export function stored() {
  return stacked(
    'Bytes kept',
    'All artifacts of each backup together.',
    { unit: units.BytesIEC, noValue: silent, min: 0 },
    over(`max by (backup) (${series(metrics.stored, selected)})`, '{{backup}}'),
  );
}
