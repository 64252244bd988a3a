import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { MeasuredReading, VolumeReading } from '../../exporter/collectors/volumes/reading.ts';
import { task } from '../../exporter/collectors/volumes/task.ts';
import { mountinfo } from '../../exporter/model/mounts.ts';
import { realFiles } from '../../exporter/reader/files.ts';
import type { Files, TaskContext } from '../../exporter/reader/task.ts';
import { temporaryFolder } from './support/folder.ts';

/** A reader's surroundings; `now` counts the readings. */
function reader(files: Files = realFiles(() => {})) {
  const memory = new Map<string, unknown>();
  let progress = 0;
  let now = 0;
  onTestFinished(() => {
    for (const left of memory.values()) (left as { walk: Generator }).walk.return(undefined);
  });
  const context = (): TaskContext => ({ files, memory, now: ++now, progress: () => void progress++ });
  return { memory, context, progressed: () => progress };
}

/** Three directories of 200 files. */
function large(): string {
  const folder = join(temporaryFolder(), 'large');
  for (const name of ['a', 'b', 'c']) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let file = 0; file < 200; file += 1) writeFileSync(join(folder, name, `${file}`), 'x');
  }
  return folder;
}

/** As if so much time had passed that it is to be added up again. */
function rested(reading: VolumeReading | null): MeasuredReading {
  const { walked, ...rest } = reading as MeasuredReading;
  return { ...rest, walked: { ...walked!, took: 0 } };
}

/** Less than any system call takes: one entry is read each time. */
const moment = Number.MIN_VALUE;

describe('a walk whose time is over', () => {
  test('is gone on with at the next reading, and comes to what one in one go does', () => {
    const directory = large();
    const whole = task({ place: directory, walk: 60 }, null, reader().context());
    const { context, memory, progressed } = reader();
    let readings = 1;
    let outcome = task({ place: directory, walk: moment }, null, context());
    expect(outcome.problem).toMatchObject({ reason: 'not_read_yet', message: expect.stringContaining('files so far') });
    while (outcome.problem !== null) {
      expect((outcome.reading as MeasuredReading).walked).toBeNull();
      expect(memory.size, 'the process is kept for it').toBe(1);
      outcome = task({ place: directory, walk: moment }, outcome.reading, context());
      readings += 1;
    }
    expect(readings).toBe(604);
    expect(progressed()).toBe(0);
    const { walked } = outcome.reading as MeasuredReading;
    const { bytes } = (whole.reading as MeasuredReading).walked!;
    expect(walked).toEqual({ at: readings, took: expect.any(Number), bytes, inodes: 604 });
    expect(memory.size).toBe(0);
  });

  test('keeps what was added up before, with its time, until it has come to its end again', () => {
    const directory = large();
    const { context } = reader();
    const first = rested(task({ place: directory, walk: 60 }, null, context()).reading);
    const second = task({ place: directory, walk: moment }, first, context());
    expect(second.problem).toBeNull();
    expect(second.reading).toMatchObject({ at: 2, walked: { at: 1, inodes: 604 } });
  });

  test('begins anew only after twenty times as long as it took, however the clock is set', () => {
    const directory = large();
    const { context } = reader();
    const { walked, ...reading } = task({ place: directory, walk: 60 }, null, context()).reading as MeasuredReading;
    writeFileSync(join(directory, 'more'), 'x');
    const inodesAfter = (at: number, took: number) => {
      const previous: MeasuredReading = { ...reading, walked: { ...walked!, at, took } };
      const { reading: next } = task({ place: directory, walk: 60 }, previous, { ...context(), now: 1000 });
      return (next as MeasuredReading).walked?.inodes;
    };
    expect(inodesAfter(900, 5.1)).toBe(604);
    expect(inodesAfter(900, 4.9)).toBe(605);
    expect(inodesAfter(1001, 5.1), 'the clock was set back').toBe(605);
  });

  test('begins anew where another directory has taken the place', () => {
    const directory = large();
    const { context } = reader();
    task({ place: directory, walk: moment }, null, context());
    renameSync(directory, `${directory}-before`);
    renameSync(large(), directory);
    const { reading } = task({ place: directory, walk: 60 }, null, context());
    expect(reading).toMatchObject({ walked: { inodes: 604 } });
  });

  test('says that it goes on while it lasts', () => {
    const { context, progressed } = reader();
    task({ place: large(), walk: 60 }, null, context());
    expect(progressed()).toBe(603);
  });
});

/**
 * `fake-nfs`: nothing here serves NFS. The line is one of a real client as proc(5) and nfs(5) describe it.
 */
test('a volume on another machine is not added up: the file system tells what is in use of it', () => {
  const directory = large();
  const real = realFiles(() => {});
  const line = `99 22 0:50 / ${directory} rw,relatime shared:7 - nfs4 nas:/export rw,vers=4.2,addr=10.0.0.9\n`;
  const files: Files = {
    ...real,
    readFile: (path, limit) =>
      path === mountinfo ? Buffer.concat([real.readFile(path, limit), Buffer.from(line)]) : real.readFile(path, limit),
  };
  const { reading, problem } = task({ place: directory, walk: 60 }, null, reader(files).context());
  expect(problem).toBeNull();
  expect(reading).toMatchObject({ shared: false, walked: null, filesystem: { own: false, remote: true } });
});
