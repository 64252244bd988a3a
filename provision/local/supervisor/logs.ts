import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Bytes after which a running part's log is set aside. */
const rotateBytes = 8 * 1024 ** 2;

/** Name of the log that came before: the last run's, or the part of this run that grew too long. */
export function earlierLog(path: string): string {
  return `${path}.1`;
}

/** Sets the log of the last run aside, so that the new one holds this run only. */
export function beginLog(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path)) renameSync(path, earlierLog(path));
}

/** Opens a log for a part's output, private and in append mode. The caller closes it. */
export function openLog(path: string): number {
  return openSync(path, 'a', 0o600);
}

/** Sets a log aside that has grown too long; works under a process that writes to it, because it is open in append mode. */
export function rotateLog(path: string, limit = rotateBytes): void {
  if (logSize(path) <= limit) return;
  copyFileSync(path, earlierLog(path));
  truncateSync(path);
}

export function logSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** The last lines of a log, from byte `from` on, reading at most the last 256 KiB; none when there is no log. */
export function tailLog(path: string, lines: number, from = 0): readonly string[] {
  const window = 256 * 1024;
  const size = logSize(path);
  const start = Math.max(size - window, from > size ? 0 : from);
  const text = readFrom(path, start, size).toString('utf8');
  const all = text.split('\n').filter((line) => line.trim() !== '');
  return (start > from && start > 0 ? all.slice(1) : all).slice(-lines);
}

/** The bytes of a file from `start` to `end`, as far as it has them. */
export function readFrom(path: string, start: number, end: number): Buffer {
  if (!existsSync(path)) return Buffer.alloc(0);
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.max(0, Math.min(end, fstatSync(file).size) - start));
    return buffer.subarray(0, readSync(file, buffer, 0, buffer.length, start));
  } finally {
    closeSync(file);
  }
}
