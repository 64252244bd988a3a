import { cronProblem, schedule } from '../../../common/cron.ts';
import { isTimeZone } from '../../../common/timezones.ts';
import type { CronJobReading } from './cronjob.ts';

/**
 * When a CronJob is due for the first time after `since`; undefined where its object does not tell: a schedule in a form that
 * only Kubernetes has (`@every 5m`), or one without a time zone, which runs in that of the cluster's controller. UTC is then
 * believed if a Job was started at one of the schedule's times in UTC.
 */
export function dueAfter(since: number, { schedule: expression, timezone, lastSchedule }: CronJobReading) {
  const isStated = timezone !== '';
  if (isStated ? !isTimeZone(timezone) : lastSchedule === 0) return undefined;
  if (cronProblem(expression) !== undefined) return undefined;
  const runs = schedule(expression, isStated ? timezone : 'UTC');
  return isStated || runs.next(lastSchedule - 1) === lastSchedule ? runs.next(since) : undefined;
}
