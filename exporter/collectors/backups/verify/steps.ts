import type { BackupCheck } from '../../../metrics/backup.ts';
import type { Finding } from '../model.ts';
import type { ArtifactReason } from '../reasons.ts';

/**
 * Work that is done bit by bit and may rest between: each step tells how many bytes it has gone through, so that a scan
 * takes as many steps as it can afford and a later one goes on.
 */
export type Steps<Result> = Generator<number, Result, void>;

export function passed(check: BackupCheck): Finding {
  return { check, reason: null };
}

export function failed(check: BackupCheck, reason: ArtifactReason): Finding {
  return { check, reason };
}
