import { counter, gauge } from './family.ts';

const backup = ['backup'] as const;

/**
 * The states of an artifact. The last two count what is none of a scheduled run: `other` those of another declared origin
 * (by hand, before a restore), `unrecognised` directory entries that mean nothing here.
 */
export const artifactStates = [
  'complete',
  'in_progress',
  'incomplete',
  'invalid',
  'future',
  'other',
  'unrecognised',
] as const;
export type ArtifactState = (typeof artifactStates)[number];

/**
 * What an artifact is checked for; which of them apply depends on its engine and form. `header` and `trailer`: it begins
 * and ends as a dump does; `contents`: all data that its table of contents names is there; `framing`: BSON documents
 * follow each other without a break; `metadata`: every collection has its metadata and its data; `length`: as long as its
 * header says; `sidecar` and `checksum`: it agrees with the `.meta.json` and `.sha256` files beside it; `attested`: the
 * `.meta.json` file says that it was verified by its owner.
 */
export const backupChecks = [
  'readable',
  'not_empty',
  'gzip',
  'header',
  'trailer',
  'contents',
  'framing',
  'metadata',
  'length',
  'sidecar',
  'attested',
  'checksum',
] as const;
export type BackupCheck = (typeof backupChecks)[number];

/** Checks that do not decide whether an artifact is good: it counts as complete when no other one has failed. */
const weakChecks: readonly BackupCheck[] = ['readable', 'sidecar', 'attested'];
/** The others: an artifact that fails one of them does not count. */
export const decisiveChecks = backupChecks.filter((check) => !weakChecks.includes(check));

export const backupMetrics = {
  info: gauge('lookout_backup_info', ['backup', 'engine', 'schedule', 'timezone', 'directory'], 'A declared backup.'),
  lastComplete: gauge(
    'lookout_backup_last_complete_timestamp_seconds',
    backup,
    'Time in the name of the newest complete artifact; 0 when none was found.',
  ),
  lastWritten: gauge(
    'lookout_backup_last_written_timestamp_seconds',
    backup,
    'When the newest complete artifact was last written to; 0 when none was found.',
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
  overkept: gauge(
    'lookout_backup_overkept_artifacts',
    backup,
    'Artifacts older than the declared retention, tolerance included.',
  ),
  deletedEarly: counter(
    'lookout_backup_deleted_early_total',
    backup,
    'Complete artifacts that vanished before they were as old as the declared retention.',
  ),
} as const;
