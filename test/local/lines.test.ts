import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { atLeast, readLogs } from '../../provision/local/logs.ts';
import { localPaths } from '../../provision/local/paths.ts';
import { LogFollower } from '../../provision/local/supervisor/follow.ts';
import { lastError, parseLine } from '../../provision/local/supervisor/lines.ts';
import { beginLog, tailLog } from '../../provision/local/supervisor/logs.ts';
import { temporaryDirectory } from './support.ts';

const at = '2026-11-21T01:04:37.044Z';

test.each([
  [
    'Prometheus',
    `ts=${at} caller=main.go:1 level=error msg="Opening storage failed" err="lock DB directory: resource temporarily unavailable"`,
    'error',
    'Opening storage failed: lock DB directory: resource temporarily unavailable',
  ],
  [
    'Prometheus 3',
    `time=${at} level=WARN source=x.go:1 msg="A \\"quoted\\" word" component=web`,
    'warn',
    'A "quoted" word component=web',
  ],
  [
    'pino',
    `{"level":50,"time":${Date.parse(at)},"pid":1,"hostname":"h","msg":"could not read","err":{"message":"EACCES"},"file":"/x"}`,
    'error',
    'could not read: EACCES file=/x',
  ],
  [
    'pino with another key',
    `{"level":30,"time":${Date.parse(at)},"message":"open","ports":{"http":1}}`,
    'info',
    'open ports={"http":1}',
  ],
])('a line of %s is read with its time and level', (_who, line, level, text) => {
  expect(parseLine(line)).toEqual({ time: Date.parse(at), level, text });
});

test.each([
  ['Error: cannot open the database', 'error'],
  ['panic: runtime error', 'error'],
  ['    at open (node:fs:1)', 'info'],
  ['all is well', 'info'],
  ['{"not json', 'info'],
])('a plain line is an error when it says so: %s', (line, level) => {
  expect(parseLine(line)).toMatchObject({ time: null, level });
});

test('the last error is found among what came after it', () => {
  expect(lastError(['Error: first', 'Error: second', '    at open', 'Node.js v24'])).toBe('Error: second');
  expect(lastError(['fine'])).toBeNull();
});

test('the logs of several parts are one in the order of time, stack traces staying with their error', () => {
  using directory = temporaryDirectory();
  const paths = localPaths(directory.path);
  for (const part of ['a', 'b']) beginLog(paths.log(part));
  const line = (second: number, text: string) => `ts=2026-11-21T01:00:0${second}.000Z level=info msg="${text}"\n`;
  writeFileSync(paths.log('a'), `${line(1, 'one')}    trace of one\n${line(3, 'three')}`);
  writeFileSync(paths.log('b'), `${line(2, 'two')}ts=2026-11-21T01:00:04.000Z level=error msg=four\n`);
  const lines = readLogs(paths, ['a', 'b'], 10);
  expect(lines.map(({ part, text }) => `${part} ${text}`)).toEqual([
    'a one',
    'a trace of one',
    'b two',
    'a three',
    'b four',
  ]);
  expect(readLogs(paths, ['a', 'b'], 2).map(({ text }) => text)).toEqual(['three', 'four']);
  expect(lines.filter(atLeast('warn')).map(({ text }) => text)).toEqual(['four']);
});

test('the tail of a long log begins with a whole line', () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'long.log');
  writeFileSync(path, Array.from({ length: 40_000 }, (_, index) => `line ${index}`).join('\n'));
  const lines = tailLog(path, 1_000_000);
  expect(lines.length).toBeLessThan(40_000);
  expect(lines.every((line) => /^line \d+$/.test(line))).toBe(true);
  expect(tailLog(path, 2)).toEqual(['line 39998', 'line 39999']);
});

test('following a log gives whole lines, and goes on when it was set aside', () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, 'one.log');
  writeFileSync(path, 'before\n');
  const follower = new LogFollower(path);
  expect(follower.read()).toEqual([]);
  appendFileSync(path, 'first\nsec');
  expect(follower.read()).toEqual(['first']);
  appendFileSync(path, 'ond\n');
  expect(follower.read()).toEqual(['second']);
  truncateSync(path);
  appendFileSync(path, 'new\n');
  expect(follower.read()).toEqual(['new']);
});
