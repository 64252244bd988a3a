import { gauge } from './family.ts';

const identity = ['backup', 'cronjob_namespace', 'cronjob'] as const;

/** What a CronJob of a backup is for. */
export const cronJobPurposes = ['backup', 'cleanup'] as const;

/** Of Jobs only those count that the schedule has started; Jobs that somebody started by hand have a family of their own. */
export const cronJobMetrics = {
  info: gauge(
    'lookout_backup_cronjob_info',
    [...identity, 'purpose', 'schedule', 'timezone'],
    'A declared CronJob of a backup, with its schedule and time zone as the cluster has them.',
  ),
  present: gauge(
    'lookout_backup_cronjob_present',
    identity,
    'Whether the declared CronJob exists; absent while it cannot be read.',
  ),
  suspended: gauge('lookout_backup_cronjob_suspended', identity, 'Whether it is suspended.'),
  activeJobs: gauge('lookout_backup_cronjob_active_jobs', identity, 'Its Jobs that are running.'),
  lastSchedule: gauge(
    'lookout_backup_cronjob_last_schedule_timestamp_seconds',
    identity,
    'When the schedule last started a Job; 0 when it never did.',
  ),
  lastSuccess: gauge(
    'lookout_backup_cronjob_last_success_timestamp_seconds',
    identity,
    'When a Job last succeeded; 0 when none is known.',
  ),
  lastFailure: gauge(
    'lookout_backup_cronjob_last_failure_timestamp_seconds',
    identity,
    'When a Job last failed; 0 when none is known.',
  ),
  due: gauge(
    'lookout_backup_cronjob_due_timestamp_seconds',
    identity,
    'Scheduled time by which the next success is due: the first after the last success, by schedule or by hand, or after it was created; absent where its time zone is not known.',
  ),
  lastDuration: gauge(
    'lookout_backup_cronjob_last_duration_seconds',
    identity,
    'How long the Job took that last succeeded.',
  ),
  lastManualSuccess: gauge(
    'lookout_backup_cronjob_last_manual_success_timestamp_seconds',
    identity,
    'When a Job that was started by hand last succeeded; 0 when none is known.',
  ),
  lastManualFailure: gauge(
    'lookout_backup_cronjob_last_manual_failure_timestamp_seconds',
    identity,
    'When a Job that was started by hand last failed; 0 when none is known.',
  ),
} as const;
