import { schedule } from '../../common/cron.ts';
import { jobFault } from './faults.ts';
import { backupTarget } from './targets.ts';
import type { IncidentDefinition, World } from './types.ts';

export const backupMissed: IncidentDefinition = {
  name: 'backup-missed',
  title: 'A backup is missed',
  what: "Pauses the backup job of the shop's database: when its next run and the grace after it have passed, the run is missed.",
  alerts: ['BackupMissed'],
  messages: 'A mail and a Slack message that say which backup was missed and how old the last good one is.',
  undo: 'Lets the job run again, which catches up at once.',
  target: backupTarget,
  operations: ({ paths }) => [jobFault(paths, { backupPaused: true })],
  sight: (world) => ({
    by: 'exporter',
    family: 'lookout_backup_missed_runs',
    labels: { backup: backupTarget(world)?.name ?? '' },
    shows: (value) => value > 0,
  }),
  estimate: (world) => {
    const { intervals, pace } = world.stack;
    const recovered = 30 / pace + intervals.collection + intervals.scrape + 2;
    return { seen: untilMissed(world) + intervals.collection, hold: 60 / pace, recovered, inactive: 0 };
  },
};

/** Seconds until the grace of the next scheduled run is over. */
function untilMissed({ stack, paths, now }: World): number {
  const backup = stack.backups.find(({ directory }) => directory === paths.backups);
  if (backup === undefined || backup.schedule === null) return 0;
  const seconds = now / 1000;
  return (schedule(backup.schedule, backup.timezone).next(seconds) ?? seconds) + backup.grace - seconds;
}
