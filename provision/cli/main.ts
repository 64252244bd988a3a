import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Shell } from './command.ts';
import { runProgram } from './program.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort(signal));
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const shell: Shell = {
  env: process.env,
  cwd: process.cwd(),
  root,
  interactive: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
  now: Date.now,
  print: (line) => console.log(line),
  report: (line) => console.error(line),
  signal: stop.signal,
};
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
process.exitCode = await runProgram(process.argv.slice(2), shell, version);
