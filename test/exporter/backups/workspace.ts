import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { BackupReading } from '../../../exporter/collectors/backups/model.ts';
import { task } from '../../../exporter/collectors/backups/task.ts';
import type { BackupSource } from '../../../exporter/config.ts';
import { realFiles } from '../../../exporter/reader/files.ts';
import type { Files } from '../../../exporter/reader/task.ts';

export const at = (text: string): number => Date.parse(text) / 1000;

/** A directory of this test alone, and what reads it. */
export interface Workspace {
  readonly root: string;
  /** Writes a file with its directories; it and they were last modified at `modified`. */
  readonly write: (path: string, content?: string | Uint8Array, modified?: number) => void;
  readonly read: (now: number, options?: ReadOptions) => BackupReading;
}

export interface ReadOptions {
  readonly source?: Partial<BackupSource>;
  readonly files?: Files;
  readonly budget?: number;
  /** Read as another process would: only the reading before is known. */
  readonly afresh?: boolean;
}

export const noon = at('2026-11-20T12:00:00Z');
const long = noon - 86_400;

const backup: BackupSource = {
  name: 'shop-database',
  directory: '',
  pattern: 'shop_%Y%m%d_%H%M%S.sql.gz',
  engine: 'files',
  schedule: null,
  timezone: 'UTC',
  clock: 'UTC',
  expectedInterval: null,
  grace: 600,
  settle: 60,
  retention: null,
  ignore: [],
};

export function workspace(declared: Partial<BackupSource> = {}): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'lookout-backups-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const memory = new Map<string, unknown>();
  let previous: BackupReading | null = null;
  const write: Workspace['write'] = (path, content = 'dump', modified = long) => {
    const whole = join(root, path);
    mkdirSync(dirname(whole), { recursive: true });
    writeFileSync(whole, content);
    for (let place = whole; place !== root; place = dirname(place)) utimesSync(place, modified, modified);
  };
  const read: Workspace['read'] = (
    now,
    { source, files = realFiles(() => undefined), budget = 2 ** 28, afresh } = {},
  ) => {
    if (afresh) memory.clear();
    const request = { source: { ...backup, ...declared, directory: root, ...source }, budget };
    const context = { files, now, progress: () => undefined, memory };
    const { reading } = task(structuredClone(request), structuredClone(previous), context);
    if (reading === null) throw new Error('the task gave no reading');
    previous = reading;
    return reading;
  };
  return { root, write, read };
}

/** State and reason of each artifact that is not plainly complete, by path. */
export function oddities(reading: BackupReading): Readonly<Record<string, string>> {
  return Object.fromEntries(
    reading.notes.map(({ path, state, reason }) => [path, reason ? `${state}: ${reason}` : state]),
  );
}

/** The checks of the newest verified artifact: true, or the reason of the failure. */
export function checks(reading: BackupReading): Readonly<Record<string, string | true>> {
  const findings = reading.verification?.verdict.findings ?? [];
  return Object.fromEntries(findings.map(({ check, reason }) => [check, reason ?? true]));
}

/** Runs as a user whom permissions bind: root's tests as nobody. */
export function unprivileged<Result>(run: () => Result): Result {
  const user = process.geteuid?.();
  if (user !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return run();
  } finally {
    process.seteuid?.(user);
  }
}
