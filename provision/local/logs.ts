import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { LocalPaths } from './paths.ts';
import { type LogLevel, type LogLine, parseLine } from './supervisor/lines.ts';
import { earlierLog, tailLog } from './supervisor/logs.ts';

/** A line of a part's log with the part that wrote it. */
export interface PartLine extends LogLine {
  readonly part: string;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

export function atLeast(level: LogLevel): (line: LogLine) => boolean {
  return (line) => levels.indexOf(line.level) >= levels.indexOf(level);
}

/**
 * The last lines of one part, or of several in the order of their times. A line without a time (a stack trace) belongs to
 * the one before it.
 */
export function readLogs(
  paths: LocalPaths,
  parts: readonly string[],
  lines: number,
  earlier = false,
): readonly PartLine[] {
  const each = parts.map((part) => {
    const path = paths.log(part);
    return withTimes(tailLog(earlier ? earlierLog(path) : path, lines).map((line) => ({ part, ...parseLine(line) })));
  });
  return each
    .flat()
    .sort((a, b) => (a.time ?? 0) - (b.time ?? 0))
    .slice(-lines);
}

function withTimes(lines: readonly PartLine[]): readonly PartLine[] {
  let last: number | null = null;
  return lines.map((line) => {
    last = line.time ?? last;
    return { ...line, time: last };
  });
}

/** Names of the parts that have a log, of a stack that is up or was. */
export function loggedParts({ log }: LocalPaths): readonly string[] {
  const directory = dirname(log('any'));
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((file) => file.endsWith('.log'))
    .map((file) => basename(file, '.log'))
    .sort();
}
