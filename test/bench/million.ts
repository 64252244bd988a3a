import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, ftruncateSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupReading } from '../../exporter/collectors/backups/model.ts';
import { type BackupRequest, task } from '../../exporter/collectors/backups/task.ts';
import type { BackupSource } from '../../exporter/config.ts';
import { realFiles } from '../../exporter/reader/files.ts';
import type { Files } from '../../exporter/reader/task.ts';
import { durationOf, inFolder, startExporter, stop } from './exporter.ts';
import { exactly, type Result, timesBaseline } from './result.ts';

const count = 1_000_000;
/** In a directory in which every call is counted. */
const counted = 100_000;
const added = 10;
const runs = 3;

/** A directory with a million artifacts, beside `find` that prints name, size and time of each. */
export async function benchMillion(): Promise<readonly Result[]> {
  return await inFolder(async (folder) => {
    const large = fill(join(folder, 'large'), count);
    const found: number[] = [];
    const first: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      found.push(await timeFind(large));
      const exporter = await startExporter(folder, { backups: [source(large)], interval: 600, deadline: 60 });
      first.push(await durationOf(exporter, 'backups'));
      await stop(exporter);
    }
    const find = [{ name: 'find -printf', values: found }];
    const work = (directory: number, what: string) => `directory with ${directory} artifacts: ${what}`;
    const { calls, missed } = countAgain(fill(join(folder, 'counted'), counted));
    return [
      { work: work(count, 'first scan'), unit: 'ms', values: first, baselines: find, target: timesBaseline(2) },
      { work: work(count, 'later scans'), unit: 'ms', values: timeAgain(large), baselines: find, target: null },
      {
        work: work(counted, `files asked for their size when ${added} are new: those, and the newest 3 as always`),
        unit: 'calls',
        values: calls,
        baselines: [{ name: 'find -printf', values: [counted + added] }],
        target: exactly(added + 3),
      },
      { work: work(counted, 'new ones not seen'), unit: 'objects', values: missed, baselines: [], target: exactly(0) },
    ];
  });
}

/** Milliseconds of scans after the first one, in this process. */
function timeAgain(directory: string): readonly number[] {
  const { read } = reader(directory);
  read();
  return Array.from({ length: runs }, () => read().milliseconds);
}

/** Reads until the size of every artifact is known, then counts what scans with new ones ask the file system. */
function countAgain(directory: string) {
  const { read } = reader(directory);
  while (read().calls > added + 3);
  const scans = Array.from({ length: runs }, (_, run) => {
    const before = read().known;
    for (let index = 0; index < added; index += 1) create(directory, counted + run * added + index);
    const { calls, known } = read();
    return { calls, missed: before + added - known };
  });
  return { calls: scans.map(({ calls }) => calls), missed: scans.map(({ missed }) => missed) };
}

function reader(directory: string) {
  const files = counting(realFiles(() => {}));
  const request: BackupRequest = { source: source(directory), budget: 0 };
  const memory = new Map<string, unknown>();
  let reading: BackupReading | null = null;
  const read = () => {
    files.calls = 0;
    const started = performance.now();
    const context = { files, now: Date.now() / 1000, progress: () => {}, memory };
    reading = task(request, reading, context).reading;
    const milliseconds = performance.now() - started;
    return { milliseconds, calls: files.calls, known: reading?.artifacts.complete ?? 0 };
  };
  return { read };
}

function counting(files: Files): Files & { calls: number } {
  const all = {
    ...files,
    calls: 0,
    lstat: (path: string) => {
      all.calls += 1;
      return files.lstat(path);
    },
    stat: (path: string) => {
      all.calls += 1;
      return files.stat(path);
    },
  };
  return all;
}

const start = Date.UTC(2026, 0, 1);

function fill(directory: string, artifacts: number): string {
  mkdirSync(directory);
  for (let index = 0; index < artifacts; index += 1) create(directory, index);
  return directory;
}

/** A dump of each second from the beginning of the year. */
function create(directory: string, index: number): void {
  const time = new Date(start + index * 1000)
    .toISOString()
    .replaceAll(/[-:]|\..*/g, '')
    .replace('T', '_');
  const descriptor = openSync(join(directory, `shop_${time}.sql`), 'w');
  ftruncateSync(descriptor, 1);
  closeSync(descriptor);
}

function source(directory: string): BackupSource {
  return {
    name: 'shop',
    directory,
    pattern: 'shop_%Y%m%d_%H%M%S.sql',
    engine: 'files',
    schedule: '0 2 * * *',
    timezone: 'UTC',
    clock: 'UTC',
    expectedInterval: null,
    grace: 3600,
    settle: 0,
    retention: null,
    ignore: [],
  };
}

async function timeFind(directory: string): Promise<number> {
  const started = performance.now();
  const child = spawn('find', [directory, '-type', 'f', '-printf', '%f %s %T@\\n'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await once(child, 'exit');
  return performance.now() - started;
}
