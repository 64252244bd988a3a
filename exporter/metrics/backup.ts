import { gauge } from './family.ts';

const backup = ['backup'] as const;

/** The states of an artifact; `unrecognised` counts directory entries that are no artifact of this backup. */
export const artifactStates = ['complete', 'in_progress', 'incomplete', 'invalid', 'future', 'unrecognised'] as const;
export type ArtifactState = (typeof artifactStates)[number];

export const backupMetrics = {
  info: gauge('lookout_backup_info', ['backup', 'engine', 'schedule', 'timezone', 'directory'], 'A declared backup.'),
  lastComplete: gauge(
    'lookout_backup_last_complete_timestamp_seconds',
    backup,
    'Time in the name of the newest complete artifact; 0 when none was found.',
  ),
  oldest: gauge('lookout_backup_oldest_timestamp_seconds', backup, 'Time in the name of the oldest artifact.'),
  age: gauge(
    'lookout_backup_age_seconds',
    backup,
    'Age of the newest complete artifact at the scrape; +Inf when none was found.',
  ),
  missedRuns: gauge(
    'lookout_backup_missed_runs',
    backup,
    'Scheduled times, their grace included, that have passed since the newest complete artifact.',
  ),
  artifacts: gauge('lookout_backup_artifacts', ['backup', 'state'], 'Artifacts found, by state.'),
  lastSize: gauge('lookout_backup_last_size_bytes', backup, 'Size of the newest complete artifact.'),
  medianSize: gauge('lookout_backup_median_size_bytes', backup, 'Median size of the retained complete artifacts.'),
  stored: gauge('lookout_backup_stored_bytes', backup, 'Bytes of all artifacts together.'),
  expectedInterval: gauge(
    'lookout_backup_expected_interval_seconds',
    backup,
    'Seconds from the scheduled time before now to the next one, or the declared interval.',
  ),
  nextExpected: gauge('lookout_backup_next_expected_timestamp_seconds', backup, 'Next scheduled time.'),
  retention: gauge(
    'lookout_backup_retention_seconds',
    backup,
    'Declared age after which artifacts are deleted, tolerance included.',
  ),
  verified: gauge(
    'lookout_backup_verified',
    ['backup', 'check'],
    'Whether the newest artifact passed the check (1) or not (0).',
  ),
  lastVerified: gauge(
    'lookout_backup_last_verified_timestamp_seconds',
    backup,
    'When the newest artifact was last verified.',
  ),
} as const;
