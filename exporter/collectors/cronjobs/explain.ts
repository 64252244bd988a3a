import type { CronJobReading } from './cronjob.ts';
import type { JobHistory, JobsReading } from './jobs.ts';

/** A reading for people: times in ISO 8601, null for never. */
export function explainCronJob(reading: CronJobReading | JobsReading): unknown {
  if (reading.kind === 'jobs')
    return Object.fromEntries([...reading.byCronJob].map(([cronJob, history]) => [cronJob, explainJobs(history)]));
  const { created, lastSchedule, lastSuccess, ...rest } = reading;
  return { ...rest, created: iso(created), lastSchedule: iso(lastSchedule), lastSuccess: iso(lastSuccess) };
}

function explainJobs({ lastDuration, ...times }: JobHistory): unknown {
  return { ...Object.fromEntries(Object.entries(times).map(([name, time]) => [name, iso(time)])), lastDuration };
}

function iso(instant: number): string | null {
  return instant === 0 ? null : new Date(instant * 1000).toISOString();
}
