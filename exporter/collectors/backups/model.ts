import type { ArtifactTime } from '../../../common/artifact-times.ts';
import type { ArtifactState, BackupCheck } from '../../metrics/backup.ts';
import type { ArtifactReason } from './reasons.ts';

/** One dump as it was last looked at. Instants are seconds since the Unix epoch. */
export interface Artifact {
  /** Below the backup's directory, `/` between the parts. */
  readonly path: string;
  readonly kind: 'file' | 'directory';
  readonly temporary: boolean;
  /** From the name; from the last modification when names hold no time. */
  readonly time: ArtifactTime;
  readonly measure: Measure;
  /** Since when the measure is what it is, as far as is known. */
  readonly since: number;
  readonly state: ArtifactState;
  readonly reason: ArtifactReason | null;
  readonly verdict: Verdict | null;
}

/** What tells whether an artifact has changed. */
export interface Measure {
  /** Bytes of the file, or of all files in the directory. */
  readonly size: number;
  /** Last modification; of a directory the latest of all that is in it. */
  readonly modified: number;
  readonly inode: number;
  /** Files in a directory; 1 for a file. */
  readonly files: number;
}

/** What reading an artifact's bytes has shown. */
export interface Verdict {
  readonly findings: readonly Finding[];
  readonly verified: number;
  /** What tells whether the files beside the artifact have changed since. */
  readonly companions: string;
}

/** One check that was made: passed without a reason, failed with one. */
export interface Finding {
  readonly check: BackupCheck;
  readonly reason: ArtifactReason | null;
}

/** What is told about a backup's directory, and the evidence that the next reading builds on. */
export interface BackupReading {
  readonly artifacts: Readonly<Record<ArtifactState, number>>;
  /** The newest complete artifact. */
  readonly newest: Newest | null;
  /** Time of the oldest artifact, of whatever state; null without any. */
  readonly oldest: number | null;
  /** Of the complete ones that were measured. */
  readonly medianSize: number | null;
  /** Null until all artifacts were measured. */
  readonly storedBytes: number | null;
  readonly overkept: number;
  readonly deletedEarly: number;
  readonly expectation: Expectation;
  /** Of the newest artifact that was verified. */
  readonly verification: { readonly path: string; readonly verdict: Verdict } | null;
  /** Artifacts that are not complete, newest first, and names that mean nothing here; not all of many. */
  readonly notes: readonly Note[];
  /** When the directory was first read: runs before are not called missed when there is no artifact at all. */
  readonly since: number;
  /** Not for people: lets another process go on without verifying everything again. */
  readonly evidence: readonly Artifact[];
}

export interface Newest {
  readonly path: string;
  readonly time: ArtifactTime;
  readonly size: number;
  /** When it was last written to. */
  readonly modified: number;
}

/** What the schedule, or the declared interval, expects; null where neither is declared. */
export interface Expectation {
  readonly missedRuns: number | null;
  readonly interval: number | null;
  readonly next: number | null;
}

export interface Note {
  readonly path: string;
  readonly state: ArtifactState;
  readonly reason: ArtifactReason | null;
  readonly text: string;
}
