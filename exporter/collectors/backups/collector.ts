import type { BackupSource } from '../../config.ts';
import { artifactStates, backupMetrics as metrics } from '../../metrics/backup.ts';
import type { State } from '../../model/reading.ts';
import { type Sample, sample } from '../../model/sample.ts';
import type { Collector } from '../collector.ts';
import { explainBackup } from './explain.ts';
import type { BackupReading } from './model.ts';
import type { BackupRequest } from './task.ts';

/** About two seconds of unpacking; a larger artifact is verified over several readings. */
const budget = 256 * 1024 * 1024;

/** Freshness, size, retention and soundness of each declared backup, from its artifacts alone. */
export const backups: Collector<BackupSource, BackupReading> = {
  name: 'backups',
  families: Object.values(metrics),
  sources: ({ backups: declared }) =>
    declared.map((source) => {
      const request: BackupRequest = { source, budget };
      return {
        name: source.name,
        declared: source,
        read: { kind: 'file', task: 'backup', request, path: source.directory },
      };
    }),
  samples: backupSamples,
  live: ageSample,
  explain: explainBackup,
};

function* backupSamples(source: BackupSource, { reading, fresh }: State<BackupReading>): Generator<Sample> {
  const backup = { backup: source.name };
  const { engine, schedule, timezone, directory, retention } = source;
  yield sample(metrics.info, { ...backup, engine, schedule: schedule ?? '', timezone, directory }, 1);
  yield sample(metrics.lastComplete, backup, reading?.newest?.time.start ?? 0);
  yield sample(metrics.lastWritten, backup, reading?.newest?.modified ?? 0);
  yield sample(metrics.oldest, backup, reading?.oldest ?? 0);
  yield sample(metrics.retention, backup, retention === null ? 0 : retention.age + retention.tolerance);
  yield sample(metrics.lastVerified, backup, reading?.verification?.verdict.verified ?? 0);
  yield sample(metrics.deletedEarly, backup, reading?.deletedEarly ?? 0);
  if (reading === null) return;
  yield* known(metrics.expectedInterval, backup, reading.expectation.interval);
  yield* known(metrics.nextExpected, backup, reading.expectation.next);
  for (const { check, reason } of reading.verification?.verdict.findings ?? []) {
    yield sample(metrics.verified, { ...backup, check }, reason === null ? 1 : 0);
  }
  if (fresh) yield* figures(backup, reading);
}

/** What is true only of a directory that can be read now. */
function* figures(backup: { readonly backup: string }, reading: BackupReading): Generator<Sample> {
  for (const state of artifactStates) yield sample(metrics.artifacts, { ...backup, state }, reading.artifacts[state]);
  yield* known(metrics.missedRuns, backup, reading.expectation.missedRuns);
  yield sample(metrics.lastSize, backup, reading.newest?.size ?? 0);
  yield sample(metrics.medianSize, backup, reading.medianSize ?? 0);
  yield* known(metrics.stored, backup, reading.storedBytes);
  yield sample(metrics.overkept, backup, reading.overkept);
}

function* known(
  family: typeof metrics.missedRuns,
  backup: { readonly backup: string },
  value: number | null,
): Generator<Sample> {
  if (value !== null) yield sample(family, backup, value);
}

function* ageSample(source: BackupSource, { reading }: State<BackupReading>, now: number): Generator<Sample> {
  const newest = reading?.newest?.time.start;
  yield sample(metrics.age, { backup: source.name }, newest === undefined ? Number.POSITIVE_INFINITY : now - newest);
}
