import { cronProblem, schedule } from '../../../common/cron.ts';
import { isTimeZone } from '../../../common/timezones.ts';
import type { CronJobReading } from './cronjob.ts';

/**
 * When a CronJob is due for the first time after `since`; undefined where its object does not tell: a schedule in a form that
 * only Kubernetes has (`@every 5m`), or one without a time zone, which runs in that of the cluster's controller. UTC is then
 * believed if a Job was started at one of the schedule's times in UTC.
 */
export function dueAfter(since: number, cronJob: CronJobReading): number | undefined {
  const timezone = cronJob.timezone === '' ? 'UTC' : cronJob.timezone;
  if (!isTimeZone(timezone) || cronProblem(cronJob.schedule) !== undefined) return undefined;
  const runs = schedule(cronJob.schedule, timezone);
  const isSure = cronJob.timezone !== '' || runs.next(cronJob.lastSchedule - 1) === cronJob.lastSchedule;
  return isSure ? runs.next(since) : undefined;
}
