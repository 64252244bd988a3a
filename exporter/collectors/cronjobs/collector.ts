import type { CronJobSource } from '../../config.ts';
import { followObject } from '../../kubernetes/follow-object.ts';
import { cronJobMetrics as metrics } from '../../metrics/cronjob.ts';
import type { State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { Collector, FollowedReading, Source } from '../collector.ts';
import { type CronJob, type CronJobReading, readCronJob } from './cronjob.ts';
import { dueAfter } from './due.ts';
import { explainCronJob } from './explain.ts';
import { followedJobs, type JobHistory, type JobsReading } from './jobs.ts';

export type DeclaredCronJob =
  | {
      readonly kind: 'cronjob';
      readonly namespace: string;
      readonly name: string;
      readonly uses: readonly CronJobSource[];
    }
  /** The Jobs of a namespace; they have series as part of their CronJobs. */
  | { readonly kind: 'jobs'; readonly namespace: string };

type Reading = CronJobReading | JobsReading;
type Known = { readonly declared: DeclaredCronJob; readonly state: State<Reading> };

/** Whether the CronJobs of backups run, and what their Jobs came to. */
export const cronJobs: Collector<DeclaredCronJob, Reading> = {
  name: 'cronjobs',
  families: Object.values(metrics),
  sources: ({ cronJobs: declared = [] }) => [
    // One CronJob may make several backups.
    ...[...Map.groupBy(declared, ({ namespace, name }) => `${namespace}/${name}`)].map(cronJobSource),
    ...[...new Set(declared.map(({ namespace }) => namespace))].map(jobsSource),
  ],
  samples: cronJobSamples,
  overview: historySamples,
  explain: explainCronJob,
};

function cronJobSource([source, uses]: [string, readonly CronJobSource[]]): Source<DeclaredCronJob, Reading> {
  const [namespace = '', name = ''] = source.split('/');
  return { name: source, declared: { kind: 'cronjob', namespace, name, uses }, read: followedCronJob(namespace, name) };
}

function jobsSource(namespace: string): Source<DeclaredCronJob, Reading> {
  return { name: `Jobs in ${namespace}`, declared: { kind: 'jobs', namespace }, read: followedJobs(namespace) };
}

/** That it does not exist is a finding, and not a failure to read it; its last known times stay. */
function followedCronJob(namespace: string, name: string): FollowedReading<CronJobReading> {
  const resource = { api: '/apis/batch/v1', resource: 'cronjobs', namespace, name };
  let last = absent;
  const read = (object: CronJob | null) => {
    last = object === null ? { ...last, present: false } : readCronJob(object);
    return { reading: last, problem: null };
  };
  return { kind: 'followed', follow: (context) => followObject<CronJob, CronJobReading>(resource, read, context) };
}

const absent: CronJobReading = {
  kind: 'cronjob',
  present: false,
  schedule: '',
  timezone: '',
  suspended: false,
  active: 0,
  created: 0,
  lastSchedule: 0,
  lastSuccess: 0,
};

function* cronJobSamples(declared: DeclaredCronJob, { reading, fresh }: State<Reading>): Generator<Sample> {
  if (declared.kind !== 'cronjob') return;
  const known = reading?.kind === 'cronjob' ? reading : absent;
  const { schedule, timezone } = known;
  for (const use of declared.uses)
    yield sample(metrics.info, { ...labelsOf(use), purpose: use.purpose, schedule, timezone }, 1);
  for (const labels of identitiesOf(declared.uses)) {
    yield sample(metrics.lastSchedule, labels, known.lastSchedule);
    if (!fresh) continue;
    yield sample(metrics.present, labels, known.present ? 1 : 0);
    if (!known.present) continue;
    yield sample(metrics.suspended, labels, known.suspended ? 1 : 0);
    yield sample(metrics.activeJobs, labels, known.active);
  }
}

function* historySamples(all: readonly Known[]): Generator<Sample> {
  const histories = new Map(
    all.flatMap(({ declared, state }) =>
      declared.kind === 'jobs' && state.reading?.kind === 'jobs' ? [[declared.namespace, state.reading.byCronJob]] : [],
    ),
  );
  for (const { declared, state } of all) {
    if (declared.kind !== 'cronjob') continue;
    const cronJob = state.reading?.kind === 'cronjob' ? state.reading : absent;
    const jobs = histories.get(declared.namespace)?.get(declared.name);
    const due = state.fresh && cronJob.present ? dueAfter(lastOf(cronJob, jobs), cronJob) : undefined;
    for (const labels of identitiesOf(declared.uses)) {
      yield* history(labels, cronJob.lastSuccess, jobs);
      if (due !== undefined) yield sample(metrics.due, labels, due);
    }
  }
}

/**
 * The CronJob itself knows of its last success only, also when its Job is long deleted, and does not tell whether that Job was
 * started by hand; the rest its Jobs tell.
 */
function* history(labels: Identity, success: number, jobs: JobHistory | undefined): Generator<Sample> {
  const scheduled = success === jobs?.lastManualSuccess ? 0 : success;
  yield sample(metrics.lastSuccess, labels, Math.max(scheduled, jobs?.lastSuccess ?? 0));
  yield sample(metrics.lastFailure, labels, jobs?.lastFailure ?? 0);
  yield sample(metrics.lastManualSuccess, labels, jobs?.lastManualSuccess ?? 0);
  yield sample(metrics.lastManualFailure, labels, jobs?.lastManualFailure ?? 0);
  if (jobs !== undefined && jobs.lastSuccess > 0) yield sample(metrics.lastDuration, labels, jobs.lastDuration);
}

/** Its last success of either kind: a run by hand makes good for the runs before it. */
function lastOf({ created, lastSuccess }: CronJobReading, jobs: JobHistory | undefined): number {
  return Math.max(created, lastSuccess, jobs?.lastSuccess ?? 0, jobs?.lastManualSuccess ?? 0);
}

type Identity = ReturnType<typeof labelsOf>;

/** One for each backup: a CronJob may both make and clean up the same one. */
function identitiesOf(uses: readonly CronJobSource[]): readonly Identity[] {
  return [...new Map(uses.map((use) => [use.backup, labelsOf(use)])).values()];
}

function labelsOf({ backup, namespace, name }: CronJobSource) {
  return { backup, cronjob_namespace: namespace, cronjob: name };
}
