import { readdirSync } from 'node:fs';
import { jobFault } from './faults.ts';
import { backupTarget } from './targets.ts';
import type { IncidentDefinition } from './types.ts';

export const backupEmpty: IncidentDefinition = {
  name: 'backup-empty',
  title: 'A backup is empty',
  what: 'Lets the dump fail without a word, so that the job compresses nothing, and runs the job: the file is there, on time and empty.',
  alerts: ['BackupInvalid'],
  messages: 'A mail and a Slack message that say which check the newest backup failed.',
  undo: 'Lets the dump work again, deletes the empty files and runs the job.',
  target: backupTarget,
  operations: ({ paths }) => [
    {
      kind: 'replace-empty-backups',
      directory: paths.backups,
      requestFile: paths.backupRequest,
      before: readdirSync(paths.backups),
    },
    jobFault(paths, { dumpEmpty: true }),
    { kind: 'request-backup', requestFile: paths.backupRequest },
  ],
  sight: (world) => ({
    by: 'exporter',
    family: 'lookout_backup_verified',
    labels: { backup: backupTarget(world)?.name ?? '' },
    shows: (value) => value === 0,
  }),
  estimate: ({ stack }) => {
    const { collection, scrape } = stack.intervals;
    const seen = collection + 30 / stack.pace + scrape + 2;
    return { seen, hold: 300 / stack.pace, recovered: seen, inactive: 0 };
  },
};
