import type { BackupReading } from './model.ts';
import { meaningOf } from './reasons.ts';

/** A reading for people: times in ISO 8601, checks in words, and without the evidence that is for the next reading. */
export function explainBackup(reading: BackupReading): unknown {
  const { evidence: _, since, newest, oldest, expectation, verification, ...rest } = reading;
  return {
    newest: newest && {
      path: newest.path,
      time: iso(newest.time.start),
      written: iso(newest.modified),
      size: newest.size,
    },
    oldest: iso(oldest),
    ...rest,
    expectation: { ...expectation, next: iso(expectation.next) },
    verification: verification && {
      path: verification.path,
      verified: iso(verification.verdict.verified),
      checks: Object.fromEntries(
        verification.verdict.findings.map(({ check, reason }) => [
          check,
          reason === null ? 'passed' : meaningOf(reason).text,
        ]),
      ),
    },
    since: iso(since),
  };
}

function iso(instant: number | null): string | null {
  return instant === null ? null : new Date(instant * 1000).toISOString();
}
