import { failed, problemOf } from '../../model/failure.ts';
import type { Outcome } from '../../model/reading.ts';
import type { TaskContext } from '../../reader/task.ts';
import type { WalkedReading } from './reading.ts';
import { type Total, type Walk, walk } from './walk.ts';

/** A walk that is not at its end, the directory that it is of, for another may be mounted there later, and its seconds. */
interface Unfinished {
  readonly directory: string;
  readonly walk: Walk;
  readonly spent: number;
}

/**
 * Adds up a directory for at most so many seconds, and goes on there with the next reading, so that a large volume keeps
 * nothing else waiting that lies on the same mount.
 */
export function addUp(root: string, seconds: number, context: TaskContext): Outcome<WalkedReading> {
  const { files, memory, now, progress } = context;
  const { dev, ino } = files.lstat(root);
  const directory = `${dev}/${ino}`;
  const left = takeUp(root, directory, memory);
  const current = left?.walk ?? walk(files, root);
  const started = performance.now();
  try {
    const result = goOn(current, started + seconds * 1000, progress);
    const spent = (left?.spent ?? 0) + (performance.now() - started) / 1000;
    if (typeof result !== 'number') return { reading: { at: now, took: spent, ...result }, problem: null };
    memory.set(keyOf(root), { directory, walk: current, spent } satisfies Unfinished);
    return failed({ reason: 'not_read_yet', message: `adding up ${root} goes on: ${result} files so far` });
  } catch (error) {
    return failed(problemOf(error, `add up ${root}`));
  }
}

/** So many times as long as adding up took nothing is added up again: it takes a twentieth of the time, no more. */
const rest = 20;

/** Whether what was added up last is to stand for some time still. */
export function rests(root: string, { at, took }: WalkedReading, { memory, now }: TaskContext): boolean {
  return !memory.has(keyOf(root)) && now >= at && now - at < took * rest;
}

function takeUp(root: string, directory: string, memory: TaskContext['memory']): Unfinished | undefined {
  const left = memory.get(keyOf(root)) as Unfinished | undefined;
  memory.delete(keyOf(root));
  if (left?.directory === directory) return left;
  left?.walk.return({ bytes: 0, inodes: 0 });
  return undefined;
}

function keyOf(root: string): string {
  return `walk ${root}`;
}

/** The total, or how many entries were seen when the time is over. */
function goOn(current: Walk, end: number, progress: () => void): Total | number {
  for (;;) {
    const step = current.next();
    if (step.done === true) return step.value;
    if (performance.now() > end) return step.value;
    progress();
  }
}
