import { setTimeout as sleep } from 'node:timers/promises';
import { isGroupAlive, signalGroup } from './process.ts';

const poll = 25;

/**
 * Ends a process group: SIGTERM (and SIGCONT, without which a stopped process does not hear it), after `patience` seconds or as soon as `force` is aborted SIGKILL; fulfilled when no
 * process of the group is alive.
 */
export async function endGroup(group: number, patience: number, force?: AbortSignal): Promise<void> {
  signalGroup(group, 'SIGTERM');
  signalGroup(group, 'SIGCONT');
  for (let waited = 0; isGroupAlive(group); waited += poll) {
    if (force?.aborted === true || waited >= patience * 1000) signalGroup(group, 'SIGKILL');
    await sleep(poll);
  }
}
