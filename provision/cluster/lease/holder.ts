import { randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { identify, isAlive } from '../../local/supervisor/process.ts';
import type { ProcessIdentity } from '../../local/types.ts';
import type { Holder } from './types.ts';

/** This process as the holder of a lease. */
export function thisProcess(pid: number): Holder {
  const mark: Mark = { ...identify(pid), pids: processNamespace() };
  const identity = `${userInfo().username}@${hostname()} process ${pid} ${randomBytes(3).toString('hex')}`;
  return { identity, process: JSON.stringify(mark) };
}

/** Whether the holder runs, when it runs on this machine and can be seen from here; undefined when that is not known. */
export function isRunning(process: string | undefined): boolean | undefined {
  const mark = readMark(process);
  if (mark === undefined || mark.pids === null || mark.pids !== processNamespace()) return undefined;
  if (mark.boot === null || mark.boot !== identify(mark.pid).boot) return undefined;
  return isAlive(mark);
}

/** Numbers of processes mean something only inside one process namespace of one boot. */
interface Mark extends ProcessIdentity {
  readonly pids: string | null;
}

function readMark(text: string | undefined): Mark | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Mark);
  } catch {
    return undefined;
  }
}

function processNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}
