import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../common/problems.ts';
import { paint } from '../local/announce.ts';
import { loggedParts, type PartLine, readLogs } from '../local/logs.ts';
import { readSelection, statePaths } from '../local/selection.ts';
import { LogFollower } from '../local/supervisor/follow.ts';
import { parseLine } from '../local/supervisor/lines.ts';
import type { ExitCode, Input, Shell } from './command.ts';

const poll = 250;

/** `lookout logs`: what the parts wrote, of one or of all in the order of time; works on a stack that has stopped, too. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const { args, options } = input;
  const paths = statePaths(readSelection(input, shell), shell);
  const known = loggedParts(paths);
  const part = args['part'];
  if (known.length === 0) throw new UserError(`no logs in ${paths.state}: this stack was never up`);
  if (part !== undefined && !known.includes(part))
    throw new UserError(`no part ${part} (there are ${known.join(', ')})`);
  const parts = part === undefined ? known : [part];
  const followers = parts.map((name) => ({ name, follower: new LogFollower(paths.log(name)) }));
  const lines = readLogs(paths, parts, readCount(options['lines']), options['before'] === true);
  for (const line of lines) print(line, parts.length > 1, shell);
  while (options['follow'] === true && !shell.signal.aborted) {
    for (const { name, follower } of followers)
      for (const line of follower.read()) print({ part: name, ...parseLine(line) }, parts.length > 1, shell);
    await sleep(poll, undefined, { signal: shell.signal }).catch(() => {});
  }
  return 0;
}

function readCount(option: unknown): number {
  if (option === undefined) return 100;
  const count = Number(option);
  if (!Number.isInteger(count) || count < 1) throw new UserError(`--lines ${option}: expected a number such as 100`);
  return count;
}

function print({ time, part, level, text }: PartLine, named: boolean, shell: Shell): void {
  const at = time === null ? ''.padEnd(24) : new Date(time).toISOString();
  const colour = level === 'error' ? 'red' : level === 'warn' ? 'yellow' : 'reset';
  shell.print(`${paint(shell, 'dim', at)} ${named ? `${part.padEnd(13)} ` : ''}${paint(shell, colour, text)}`);
}
