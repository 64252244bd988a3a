import type { ApiObject } from '../../kubernetes/resource.ts';

/** A CronJob as the API gives it, as far as it is read. Source: Kubernetes API reference, batch/v1 CronJob. */
export interface CronJob extends ApiObject {
  readonly metadata: ApiObject['metadata'] & { readonly creationTimestamp?: string };
  readonly spec: { readonly schedule: string; readonly timeZone?: string; readonly suspend?: boolean };
  readonly status?: {
    readonly active?: readonly unknown[];
    readonly lastScheduleTime?: string;
    readonly lastSuccessfulTime?: string;
  };
}

/** What is known of a CronJob; times in seconds since the epoch, 0 for never. */
export interface CronJobReading {
  readonly kind: 'cronjob';
  readonly present: boolean;
  readonly schedule: string;
  readonly timezone: string;
  readonly suspended: boolean;
  readonly active: number;
  readonly created: number;
  readonly lastSchedule: number;
  readonly lastSuccess: number;
}

export function readCronJob({ metadata, spec, status }: CronJob): CronJobReading {
  return {
    kind: 'cronjob',
    present: true,
    schedule: spec.schedule,
    timezone: spec.timeZone ?? '',
    suspended: spec.suspend === true,
    active: status?.active?.length ?? 0,
    created: seconds(metadata.creationTimestamp),
    lastSchedule: seconds(status?.lastScheduleTime),
    lastSuccess: seconds(status?.lastSuccessfulTime),
  };
}

/** Of a time as the API writes it (RFC 3339); 0 when there is none. */
export function seconds(time: string | undefined): number {
  return time === undefined ? 0 : Date.parse(time) / 1000;
}
