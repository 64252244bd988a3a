import { backupMetrics } from '../../exporter/metrics/backup.ts';
import { series } from '../kit/selectors.ts';
import { severalOf } from '../kit/variables.ts';

export const backup = severalOf('backup', 'Backup', 'The backups that are shown.', series(backupMetrics.info));
export const selected = { backup: backup.selected };
export const silent = 'the exporter says nothing of it';
