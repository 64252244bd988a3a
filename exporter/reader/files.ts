import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { SourceError } from '../model/failure.ts';
import type { Files } from './task.ts';

/** The real file system; `progress` is called after each call that came back. */
export function realFiles(progress: () => void): Files {
  const told =
    <Result>(call: (path: string) => Result) =>
    (path: string): Result => {
      const result = call(path);
      progress();
      return result;
    };
  return {
    entries: (directory) => entries(directory, progress),
    lstat: told((path) => lstatSync(path)),
    stat: told((path) => statSync(path)),
    statfs: told((path) => statfsSync(path)),
    realpath: told((path) => realpathSync(path)),
    readlink: told((path) => readlinkSync(path)),
    readFile: (path, limit) => told(() => readWhole(path, limit))(path),
    readRange: (path, position, length) => told(() => readRange(path, position, length))(path),
    chunks: (path, size) => chunks(path, size, progress),
  };
}

function* entries(directory: string, progress: () => void): Generator<Dirent> {
  const opened = opendirSync(directory, { bufferSize: 1024 });
  try {
    for (let entry = opened.readSync(); entry !== null; entry = opened.readSync()) {
      progress();
      yield entry;
    }
  } finally {
    opened.closeSync();
  }
}

function readWhole(path: string, limit: number): Buffer {
  return withFile(path, (descriptor, size) => {
    if (size > limit) {
      throw new SourceError('read_failed', `could not read ${path}: it has ${size} bytes, at most ${limit} are read`);
    }
    return readFileSync(descriptor);
  });
}

function readRange(path: string, position: number, length: number): Buffer {
  return withFile(path, (descriptor, size) => {
    const start = position < 0 ? Math.max(size + position, 0) : position;
    const buffer = Buffer.alloc(Math.max(Math.min(length, size - start), 0));
    return buffer.subarray(0, fill(descriptor, buffer, start));
  });
}

function* chunks(path: string, size: number, progress: () => void): Generator<Buffer> {
  const descriptor = openRegular(path);
  const buffer = Buffer.alloc(size);
  try {
    for (let position = 0; ; ) {
      const count = readSync(descriptor, buffer, 0, size, position);
      progress();
      if (count === 0) return;
      position += count;
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(descriptor);
  }
}

function fill(descriptor: number, buffer: Buffer, start: number): number {
  let filled = 0;
  while (filled < buffer.length) {
    const count = readSync(descriptor, buffer, filled, buffer.length - filled, start + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function withFile<Result>(path: string, read: (descriptor: number, size: number) => Result): Result {
  const descriptor = openRegular(path);
  try {
    return read(descriptor, fstatSync(descriptor).size);
  } finally {
    closeSync(descriptor);
  }
}

/** Without O_NONBLOCK the opening of a named pipe would wait for a writer. */
function openRegular(path: string): number {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  if (fstatSync(descriptor).isFile()) return descriptor;
  closeSync(descriptor);
  throw new SourceError('read_failed', `could not read ${path}: it is not a regular file`);
}
