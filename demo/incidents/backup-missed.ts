import { join } from 'node:path';
import { schedule } from '../../common/cron.ts';
import { listArtifacts } from '../jobs/artifacts.ts';
import { jobFault } from './faults.ts';
import { backupTarget } from './targets.ts';
import type { IncidentDefinition, World } from './types.ts';

export const backupMissed: IncidentDefinition = {
  name: 'backup-missed',
  title: 'A backup is missed',
  what: 'Pauses the backup job and puts the newest dumps of the database aside, as if the last runs had never happened.',
  alerts: ['BackupMissed'],
  messages: 'A mail and a Slack message that say which backup was missed and how old the last good one is.',
  undo: 'Puts the dumps back and lets the job run again, which catches up at once.',
  target: backupTarget,
  operations: (world) => [
    jobFault(world.paths, { backupPaused: true }),
    ...toPutAside(world).map((path) => ({ kind: 'put-aside', path }) as const),
  ],
  sight: (world) => ({
    by: 'exporter',
    family: 'lookout_backup_missed_runs',
    labels: { backup: backupTarget(world)?.name ?? '' },
    shows: (value) => value > 0,
  }),
  estimate: (world) => {
    const { collection, scrape } = world.stack.intervals;
    const settle = backupOf(world)?.settle ?? 0;
    const recovered = collection + settle + scrape + 2;
    return { seen: untilMissed(world) + collection, hold: 60 / world.stack.pace, recovered, inactive: 0 };
  },
};

/** The dumps since the last run whose grace is over; the oldest one stays, so that there is a last good one. */
function toPutAside(world: World): readonly string[] {
  const missed = lastDue(world);
  return listArtifacts(world.paths.backups)
    .slice(0, -1)
    .filter(({ time }) => time >= missed)
    .map(({ name }) => join(world.paths.backups, name));
}

/** Seconds since the epoch: the last scheduled time that, its grace included, has passed. */
function lastDue(world: World): number {
  const backup = backupOf(world);
  const times = schedule(backup?.schedule ?? '* * * * *', backup?.timezone ?? 'UTC');
  return times.previous(world.now / 1000 - (backup?.grace ?? 0)) ?? 0;
}

/** 0 when a dump is left from before the last due run; else until the next run has passed. */
function untilMissed(world: World): number {
  const backup = backupOf(world);
  const oldest = listArtifacts(world.paths.backups).at(-1);
  if (backup === undefined || oldest === undefined || oldest.time < lastDue(world)) return 0;
  const next = schedule(backup.schedule ?? '* * * * *', backup.timezone).next(oldest.time) ?? oldest.time;
  return Math.max(0, next + backup.grace - world.now / 1000);
}

function backupOf({ stack, paths }: World) {
  return stack.backups.find(({ directory }) => directory === paths.backups);
}
