import { failed, problemOf } from '../../model/failure.ts';
import type { Outcome } from '../../model/reading.ts';
import type { TaskContext } from '../../reader/task.ts';
import { type Total, type Walk, walk } from './walk.ts';

/** A walk that is not at its end, and the directory that it is of: another one may be mounted there later. */
interface Unfinished {
  readonly directory: string;
  readonly walk: Walk;
}

const nothing: Total = { bytes: 0, inodes: 0 };

/**
 * Adds up a directory for at most so many seconds, and goes on there with the next reading, so that a large volume keeps
 * nothing else waiting that lies on the same mount.
 */
export function addUp(root: string, seconds: number, context: TaskContext): Outcome<Total> {
  const { files, memory } = context;
  const { dev, ino } = files.lstat(root);
  const directory = `${dev}/${ino}`;
  const key = `walk ${root}`;
  const left = memory.get(key) as Unfinished | undefined;
  memory.delete(key);
  if (left?.directory !== directory) left?.walk.return(nothing);
  const current = left?.directory === directory ? left.walk : walk(files, root);
  try {
    const result = goOn(current, seconds, context.progress);
    if (typeof result !== 'number') return { reading: result, problem: null };
    memory.set(key, { directory, walk: current } satisfies Unfinished);
    return failed({ reason: 'not_read_yet', message: `adding up ${root} goes on: ${result} files so far` });
  } catch (error) {
    return failed(problemOf(error, `add up ${root}`));
  }
}

/** The total, or how many entries were seen when the time is over. */
function goOn(current: Walk, seconds: number, progress: () => void): Total | number {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const step = current.next();
    if (step.done === true) return step.value;
    if (performance.now() > end) return step.value;
    progress();
  }
}
