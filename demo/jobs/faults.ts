import { readFileSync } from 'node:fs';

/** What is made to go wrong in the jobs. The file that holds it is written by an incident; absent means nothing. */
export interface JobFaults {
  /** The backup job does not run. */
  readonly backupPaused: boolean;
  /** The dump fails without a word, so that the backup holds nothing. */
  readonly dumpEmpty: boolean;
  /** Names of certificates that are not renewed. */
  readonly renewalPaused: readonly string[];
}

export const noFaults: JobFaults = { backupPaused: false, dumpEmpty: false, renewalPaused: [] };

/** @throws Error when the file exists and is no JSON. */
export function readFaults(path: string): JobFaults {
  try {
    return { ...noFaults, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<JobFaults>) };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return noFaults;
    throw new Error(`could not read the faults of the jobs from ${path}`, { cause });
  }
}
