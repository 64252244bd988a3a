import { posix } from 'node:path';
import { cronProblem } from '../../../common/cron.ts';
import { type Dump, dumpOf } from './dump.ts';
import type { Container, CronJob, Facts, PodVolume } from './facts.ts';
import type { Guess } from './guess.ts';

/** The CronJobs that look as if they made backups, each with the cleanup that works on the same directory. */
export function guessBackups({ cronJobs }: Facts): readonly Guess[] {
  const found = cronJobs.flatMap((job) => {
    const dump = job.metadata.name.match(/restore|verif/) ? undefined : dumpIn(job);
    return dump === undefined ? [] : [{ job, ...dump }];
  });
  return found.map(({ job, dump, place }) => guess(job, dump, place, cleanupOf(cronJobs, place)));
}

/** Where in the cluster a directory of a container lies. */
type Place = { readonly claim: string; readonly directory?: string } | { readonly directory: string } | undefined;

function guess({ metadata, spec = {} }: CronJob, dump: Dump, place: Place, cleanup: CronJob | undefined): Guess {
  const { schedule = '', timeZone } = spec;
  const known = cronProblem(schedule) === undefined;
  return {
    value: {
      name: metadata.name.replace(/(-db)?-(backup|dump)s?$/, '') || metadata.name,
      ...(place ?? { directory: '<directory of the node, or claim: name>' }),
      pattern: dump.pattern ?? '<name of a dump with the time in it, such as shop_%Y%m%d_%H%M%S.sql.gz>',
      engine: dump.engine,
      schedule: known ? schedule : '<minute hour day month weekday>',
      ...(timeZone === undefined ? {} : { timezone: timeZone }),
      cronJob: metadata.name,
      ...retentionOf(cleanup),
    },
    why: `The CronJob ${metadata.name}${zoneNote(timeZone)}.${nodeNote(spec, place)}${cleanup === undefined ? ' With retention: { age: 14d }, dumps kept too short or too long are seen.' : ''}`,
    sure: known && place !== undefined && dump.pattern !== null,
  };
}

function retentionOf(cleanup: CronJob | undefined) {
  if (cleanup === undefined) return {};
  const [, days] = /-mtime\s+\+(\d+)/.exec(scriptOf(cleanup)) ?? [];
  const retention = days === undefined || days === '0' ? {} : { retention: { age: `${days}d` } };
  return { cleanup: cleanup.metadata.name, ...retention };
}

function scriptOf({ spec }: CronJob): string {
  const { containers = [] } = spec?.jobTemplate?.spec?.template?.spec ?? {};
  return containers.flatMap(({ command = [], args = [] }) => [...command, ...args]).join(' ');
}

function zoneNote(timeZone: string | undefined): string {
  return timeZone === undefined
    ? ': it names no time zone, so its schedule is in that of the controller manager, mostly UTC'
    : '';
}

/** A directory of a node is on that node only. */
function nodeNote(spec: NonNullable<CronJob['spec']>, place: Place): string {
  const { nodeSelector = {} } = spec.jobTemplate?.spec?.template?.spec ?? {};
  const labels = Object.entries(nodeSelector).map(([key, value]) => `${key}: "${value}"`);
  if (labels.length === 0 || place === undefined || 'claim' in place) return '';
  return ` It runs on some nodes only: exporter: { nodes: { ${labels.join(', ')} } } reads no other.`;
}

function dumpIn(job: CronJob): { readonly dump: Dump; readonly place: Place } | undefined {
  const { containers = [], initContainers = [], volumes = [] } = job.spec?.jobTemplate?.spec?.template?.spec ?? {};
  for (const container of [...containers, ...initContainers]) {
    const dump = dumpOf([...(container.command ?? []), ...(container.args ?? [])].join(' '));
    if (dump !== undefined) return { dump, place: placeOf(dump.directory, container, volumes) };
  }
  return undefined;
}

/** The mount that a path lies in is the longest that it begins with; without a path, the only one there is. */
function placeOf(path: string | null, { volumeMounts = [] }: Container, volumes: readonly PodVolume[]): Place {
  const kept = volumeMounts.flatMap(({ name, mountPath, subPath = '' }) => {
    const volume = volumes.find((each) => each.name === name);
    const place = { claim: volume?.persistentVolumeClaim?.claimName, host: volume?.hostPath?.path };
    return place.claim === undefined && place.host === undefined ? [] : [{ ...place, mountPath, subPath }];
  });
  const within = kept.filter(({ mountPath }) => path === null || !posix.relative(mountPath, path).startsWith('..'));
  const [mount, other] = within.sort((a, b) => b.mountPath.length - a.mountPath.length);
  if (mount === undefined || (path === null && other !== undefined)) return undefined;
  const below = posix.join(mount.subPath, posix.relative(mount.mountPath, path ?? mount.mountPath));
  if (mount.host !== undefined) return { directory: posix.join(mount.host, below) };
  return mount.claim === undefined ? undefined : { claim: mount.claim, ...(below === '.' ? {} : { directory: below }) };
}

/** A CronJob that deletes by age in a directory that is mounted from the same place. */
function cleanupOf(jobs: readonly CronJob[], place: Place): CronJob | undefined {
  if (place === undefined) return undefined;
  return jobs.find((job) => {
    const { containers = [], volumes = [] } = job.spec?.jobTemplate?.spec?.template?.spec ?? {};
    const deletes = containers.find(({ command = [], args = [] }) =>
      /\bfind\b.*-m(time|min)\b.*(-delete|\brm\b)/s.test([...command, ...args].join(' ')),
    );
    const same = deletes === undefined ? undefined : placeOf(null, deletes, volumes);
    return same !== undefined && dumpIn(job) === undefined && overlaps(same, place);
  });
}

function overlaps(a: NonNullable<Place>, b: NonNullable<Place>): boolean {
  if ('claim' in a || 'claim' in b) return 'claim' in a && 'claim' in b && a.claim === b.claim;
  return !posix.relative(a.directory, b.directory).startsWith('..');
}
