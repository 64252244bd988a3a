import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../common/files.ts';
import type { LocalPaths } from './paths.ts';
import type { RecordedProcess } from './supervisor/supervisor.ts';

/** What the run directory holds beside the ports. */
export interface RunFiles {
  readonly lock: string;
  /** The processes of the parts, for a start that finds them orphaned. */
  readonly processes: string;
  /** What changes through the start page must carry; new at each start. */
  readonly token: string;
}

export function runFiles({ run }: LocalPaths): RunFiles {
  return { lock: join(run, 'lock.json'), processes: join(run, 'processes.json'), token: join(run, 'token') };
}

export function writeProcesses(path: string, processes: readonly RecordedProcess[]): void {
  writeFileAtomic(path, JSON.stringify(processes), 0o600);
}

export function readProcesses(path: string): readonly RecordedProcess[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as readonly RecordedProcess[];
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new Error(`the list of processes ${path} cannot be read`, { cause: error });
  }
}

export function removeRunFiles({ processes, token }: RunFiles): void {
  for (const path of [processes, token]) rmSync(path, { force: true });
}
