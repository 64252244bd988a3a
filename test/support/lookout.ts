import { resolve } from 'node:path';
import { runProgram } from '../../provision/cli/program.ts';

const root = resolve(import.meta.dirname, '../..');

/** Runs `lookout <argv>` in this process: its exit code, its result, and what it told the person. */
export async function lookout(argv: readonly string[], cwd = root, env: NodeJS.ProcessEnv = {}) {
  const [printed, reported]: [string[], string[]] = [[], []];
  const code = await runProgram(
    argv,
    {
      env: { XDG_STATE_HOME: '/var/state', ...env },
      cwd,
      root,
      interactive: false,
      now: () => 0,
      print: (line) => printed.push(line),
      report: (line) => reported.push(line),
      signal: new AbortController().signal,
      block: null,
      onSignal: () => () => {},
      parent: () => 1,
    },
    '0.0.0',
  );
  return { code, printed, reported };
}
