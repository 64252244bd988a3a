import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Shell } from './command.ts';
import { LiveBlock } from './live-block.ts';
import { runProgram } from './program.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const stop = new AbortController();
const signals = new EventEmitter();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stop.abort(signal);
    signals.emit('signal');
  });
}
// A closed pipe and a closed terminal end the output, not the command, which may have parts to stop.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

// On a terminal that cannot move its cursor, and where one of both channels goes elsewhere, lines follow each other.
const redraws = process.stdout.isTTY === true && process.stderr.isTTY === true && process.env['TERM'] !== 'dumb';
const block = redraws ? new LiveBlock(process.stderr) : null;
// Whatever ends the process, the cursor comes back.
process.on('exit', () => block?.draw([]));
const above = (print: () => void): void => (block === null ? print() : block.above(print));

const shell: Shell = {
  env: process.env,
  cwd: process.cwd(),
  root,
  interactive: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
  now: Date.now,
  print: (line) => above(() => console.log(line)),
  report: (line) => above(() => console.error(line)),
  block,
  signal: stop.signal,
  onSignal: (listener) => {
    signals.on('signal', listener);
    return () => signals.off('signal', listener);
  },
  parent: () => process.ppid,
};
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
process.exitCode = await runProgram(process.argv.slice(2), shell, version);
