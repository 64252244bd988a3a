import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The largest figures in MB while it is watched for so long: resident alone, and with its children what they take together. */
export async function watchMemory(pid: number, milliseconds: number): Promise<{ alone: number; together: number }> {
  const largest = { alone: 0, together: 0 };
  for (const until = performance.now() + milliseconds; performance.now() < until; await sleep(10)) {
    largest.alone = Math.max(largest.alone, residentMegabytes(pid));
    largest.together = Math.max(largest.together, familyMegabytes(pid));
  }
  return largest;
}

/** Resident memory of a process in MB; 0 when it is gone. */
export function residentMegabytes(pid: number): number {
  return kilobytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB/m) / 1000;
}

/** A process and its children in MB, where what several processes share counts only once for all of them together. */
export function familyMegabytes(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce(
    (sum, each) => sum + kilobytes(`/proc/${each}/smaps_rollup`, /^Pss:\s+(\d+) kB/m) / 1000,
    0,
  );
}

function kilobytes(path: string, line: RegExp): number {
  try {
    return Number(line.exec(readFileSync(path, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}
