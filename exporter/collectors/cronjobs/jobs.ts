import { follow } from '../../kubernetes/follow.ts';
import type { ApiObject } from '../../kubernetes/resource.ts';
import { failed, problemOf } from '../../model/failure.ts';
import type { FollowedReading } from '../collector.ts';
import { seconds } from './cronjob.ts';

/** A Job as the API gives it, as far as it is read. Source: Kubernetes API reference, batch/v1 Job. */
export interface Job extends ApiObject {
  readonly metadata: ApiObject['metadata'] & {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly status?: {
    readonly startTime?: string;
    readonly completionTime?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastTransitionTime?: string;
    }[];
  };
}

/** What the Jobs of one CronJob have come to; times in seconds since the epoch, 0 for never. */
export interface JobHistory {
  readonly lastSuccess: number;
  readonly lastFailure: number;
  /** Seconds that the last success took. */
  readonly lastDuration: number;
  readonly lastManualSuccess: number;
  readonly lastManualFailure: number;
}

/** The Jobs of one namespace by the CronJob that they belong to. */
export interface JobsReading {
  readonly kind: 'jobs';
  readonly byCronJob: ReadonlyMap<string, JobHistory>;
}

const nothing: JobHistory = {
  lastSuccess: 0,
  lastFailure: 0,
  lastDuration: 0,
  lastManualSuccess: 0,
  lastManualFailure: 0,
};

/**
 * Follows the Jobs of a namespace. What a Job came to stays known when the Job is deleted, as CronJobs soon do with theirs.
 */
export function followedJobs(namespace: string): FollowedReading<JobsReading> {
  const resource = { api: '/apis/batch/v1', resource: 'jobs', namespace, name: null };
  return {
    kind: 'followed',
    follow: async ({ kubernetes, signal, tell }) => {
      let byCronJob: ReadonlyMap<string, JobHistory> = new Map();
      let isCurrent = false;
      const current = () => {
        isCurrent = true;
        tell({ reading: { kind: 'jobs', byCronJob }, problem: null });
      };
      const upsert = (_key: string, job: Job) => {
        const owner = job.metadata.ownerReferences?.find(({ kind }) => kind === 'CronJob');
        if (owner === undefined) return;
        byCronJob = new Map(byCronJob).set(owner.name, noteJob(byCronJob.get(owner.name) ?? nothing, job));
        if (isCurrent) current();
      };
      const broken = (error: Error) => {
        isCurrent = false;
        tell(failed(problemOf(error, `follow the Jobs in ${namespace}`)));
      };
      await follow<Job>(kubernetes.api, resource, { upsert, remove: () => {}, current, failed: broken }, signal);
    },
  };
}

/** Set by `kubectl create job --from` and by what does the same. */
const instantiated = 'cronjob.kubernetes.io/instantiate';

function noteJob(known: JobHistory, { metadata, status = {} }: Job): JobHistory {
  const transition = (type: string) => status.conditions?.find((each) => each.type === type && each.status === 'True');
  const failure = seconds(transition('Failed')?.lastTransitionTime);
  const success = transition('Complete') === undefined ? 0 : seconds(status.completionTime);
  if (metadata.annotations?.[instantiated] !== undefined) {
    return {
      ...known,
      lastManualSuccess: Math.max(known.lastManualSuccess, success),
      lastManualFailure: Math.max(known.lastManualFailure, failure),
    };
  }
  const later = success > known.lastSuccess;
  return {
    ...known,
    lastFailure: Math.max(known.lastFailure, failure),
    lastSuccess: later ? success : known.lastSuccess,
    lastDuration: later ? success - seconds(status.startTime) : known.lastDuration,
  };
}
