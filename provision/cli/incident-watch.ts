import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentRun } from '../local/types.ts';
import type { Shell } from './command.ts';
import { doneLine, newlyDone, stuckLine, waitingLine } from './incident-lines.ts';

const pollMilliseconds = 500;
/** Moves to the line above and empties it. */
const overwrite = '\u001b[1A\u001b[2K';

/** `left`: the shell was told to stop. */
export type Outcome = 'arrived' | 'stuck' | 'left';

/**
 * Prints each link of the chain as it happens since the start, or since the clearing, on a terminal with a last line for what is waited for, until all have happened, one is
 * stuck, or the shell is told to stop. Gives how it ended and the run as it was then.
 */
export async function watchChain(
  look: () => Promise<IncidentRun>,
  shell: Shell,
  print: (line: string) => void,
): Promise<{ readonly outcome: Outcome; readonly run: IncidentRun }> {
  const shown = new Set<string>();
  const status = liveLine(shell, print);
  for (;;) {
    const run = await look();
    const since = run.clearedAt ?? run.startedAt;
    for (const link of newlyDone(run, shown)) {
      status.print(doneLine(link, since));
      shown.add(link.step);
    }
    const next = run.chain.find(({ state }) => state !== 'done');
    if (next === undefined) return { outcome: 'arrived', run };
    if (next.state === 'stuck') {
      status.print(stuckLine(next));
      return { outcome: 'stuck', run };
    }
    status.update(waitingLine(next, shell.now()));
    if (shell.signal.aborted) return { outcome: 'left', run };
    await sleep(pollMilliseconds, undefined, { signal: shell.signal }).catch(() => {});
  }
}

/** On a terminal the last line is rewritten in place; elsewhere it is left out. */
function liveLine(shell: Shell, print: (line: string) => void) {
  let open = false;
  const put = (line: string, stays: boolean) => {
    print(open ? `${overwrite}${line}` : line);
    open = !stays;
  };
  return {
    print: (line: string) => put(line, true),
    update: (line: string) => {
      if (shell.interactive) put(line, false);
    },
  };
}
