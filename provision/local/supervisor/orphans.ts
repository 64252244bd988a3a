import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, livingProcesses, processEnvironment } from './process.ts';
import type { RecordedProcess } from './supervisor.ts';

/** Variable in the environment of every part, and so of everything that a part starts: the run that it belongs to. */
export const runVariable = 'LOOKOUT_RUN';

/** Seconds that an orphan gets to end by itself. */
const defaultPatience = 10;
const poll = 50;

/**
 * Ends what an earlier run has left: the processes it recorded, when number, start time and boot still match, and every
 * process that carries its run in the environment. Nothing else is touched. Gives the numbers of those ended.
 */
export async function endOrphans(
  run: string,
  recorded: readonly RecordedProcess[],
  patience = defaultPatience,
): Promise<readonly number[]> {
  const ended = new Set<number>();
  for (let waited = 0; ; waited += poll) {
    const orphans = findOrphans(run, recorded);
    if (orphans.length === 0) return [...ended];
    for (const pid of orphans) {
      if (waited >= patience * 1000) end(pid, 'SIGKILL');
      else if (!ended.has(pid)) for (const signal of ['SIGTERM', 'SIGCONT'] as const) end(pid, signal);
      ended.add(pid);
    }
    await sleep(poll);
  }
}

function findOrphans(run: string, recorded: readonly RecordedProcess[]): readonly number[] {
  const known = recorded.filter(({ identity }) => isAlive(identity)).map(({ identity }) => identity.pid);
  const marked = livingProcesses()
    .map(({ pid }) => pid)
    .filter((pid) => processEnvironment(pid)?.includes(`${runVariable}=${run}`));
  return [...new Set([...known, ...marked])];
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
