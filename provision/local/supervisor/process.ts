import { readdirSync, readFileSync } from 'node:fs';
import type { ProcessIdentity } from '../types.ts';

/** What `/proc/<pid>/stat` tells of a process. Source: proc_pid_stat(5). */
export interface ProcessStat {
  readonly pid: number;
  /** One letter; `Z` and `X` are dead and wait for their parent. */
  readonly state: string;
  readonly group: number;
  readonly startTicks: string;
}

/** The process with this number, dead or alive; undefined when there is none or the system has no /proc. */
export function processStat(pid: number): ProcessStat | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): string => fields[number - 3] ?? '';
  return { pid, state: field(3), group: Number(field(5)), startTicks: field(22) };
}

/** Resident memory in bytes; undefined when the process is gone. Source: proc_pid_status(5). */
export function residentBytes(pid: number): number | undefined {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`) ?? '')?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** Resident bytes of all living processes of each process group; empty where there is no /proc. */
export function memoryByGroup(): ReadonlyMap<number, number> {
  const groups = new Map<number, number>();
  for (const { pid, group } of livingProcesses())
    groups.set(group, (groups.get(group) ?? 0) + (residentBytes(pid) ?? 0));
  return groups;
}

/** Every living process of this machine, zombies left out. */
export function livingProcesses(): readonly ProcessStat[] {
  return processNumbers()
    .map(processStat)
    .filter((stat) => stat !== undefined)
    .filter(isLiving);
}

function processNumbers(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function isLiving({ state }: ProcessStat): boolean {
  return state !== 'Z' && state !== 'X';
}

export function identify(pid: number): ProcessIdentity {
  return { pid, startTicks: processStat(pid)?.startTicks ?? null, boot: bootId() };
}

/** Whether exactly this process is alive: same number, same start, same boot, and not a zombie. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.startTicks === null) return answersSignal(identity.pid);
  const stat = processStat(identity.pid);
  return stat !== undefined && isLiving(stat) && stat.startTicks === identity.startTicks && bootId() === identity.boot;
}

/** The environment that a process was started with; undefined when it is gone or another user's. */
export function processEnvironment(pid: number): readonly string[] | undefined {
  return readProc(`/proc/${pid}/environ`)?.split('\0');
}

/** Signals every process of a group; a group that is gone is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Whether a group still has a living process. */
export function isGroupAlive(group: number): boolean {
  if (!answersSignal(-group)) return false;
  return bootId() === null || livingProcesses().some((stat) => stat.group === group);
}

function answersSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !isGone(error);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ESRCH';
}

function bootId(): string | null {
  return readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? null;
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
