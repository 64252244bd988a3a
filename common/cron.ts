import { Cron } from 'croner';
import { cronFieldProblem, standardCron } from './cron-fields.ts';

/**
 * A cron schedule in its time zone. Instants are seconds since the Unix epoch.
 *
 * When clocks change, it holds the times that every common scheduler keeps, so that none is called missed wrongly: a time
 * that is skipped does not run (as Kubernetes, while crond runs it after the gap), and a fixed time that is repeated
 * runs at its first occurrence only (as crond, while Kubernetes runs both, with one local time for both in their names).
 * Schedules with a `*` or a step in their hour or minute run at both occurrences in both schedulers, and here.
 * Sources: robfig/cron/v3 spec.go and its tests (Kubernetes); crontab(8), cron(8); croner `fixedTimeRule`.
 */
export interface Schedule {
  readonly expression: string;
  readonly timezone: string;
  /** First scheduled time after the instant; undefined when there is none any more. */
  next(after: number): number | undefined;
  /** Last scheduled time before the instant; undefined when there was none. */
  previous(before: number): number | undefined;
  /** Scheduled times after `after`, up to and with `until`; counting ends at `limit`. */
  count(after: number, until: number, limit?: number): number;
}

/**
 * What is wrong with a five-field cron expression (or a nickname such as `@daily`), naming the field, what was found and
 * what is allowed; undefined when nothing is.
 */
export function cronProblem(expression: string): string | undefined {
  const problem = cronFieldProblem(expression);
  if (problem !== undefined) return problem;
  return schedule(expression, 'UTC').next(0) === undefined
    ? `"${expression}" never occurs: no such day exists in the months that it names`
    : undefined;
}

/** @throws RangeError for an expression or a zone that `cronProblem` or `isTimeZone` refuses. */
export function schedule(expression: string, timezone: string): Schedule {
  const problem = cronFieldProblem(expression);
  if (problem !== undefined) throw new RangeError(`cannot read the cron schedule "${expression}": ${problem}`);
  const cron = new Cron(standardCron(expression), {
    timezone,
    paused: true,
    mode: '5-part',
    fixedTimeRule: 'no-wildcard',
  });
  const next = (after: number): number | undefined => {
    let found = cron.nextRun(new Date(after * 1000));
    while (found !== null && !cron.match(found)) found = cron.nextRun(found);
    return found === null ? undefined : found.getTime() / 1000;
  };
  const previous = (before: number): number | undefined => {
    let [found] = cron.previousRuns(1, new Date(before * 1000));
    while (found !== undefined && !cron.match(found)) [found] = cron.previousRuns(1, found);
    return found === undefined ? undefined : found.getTime() / 1000;
  };
  const count = (after: number, until: number, limit = 1000): number => {
    let times = 0;
    for (let at = next(after); at !== undefined && at <= until && times < limit; at = next(at)) times += 1;
    return times;
  };
  return { expression, timezone, next, previous, count };
}
