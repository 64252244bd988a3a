import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ExporterConfig } from '../../../exporter/config.ts';
import { configIn, root, until } from './exporter.ts';

export interface ExporterProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** Process ids of its children. */
  readonly children: () => readonly number[];
  /** What it has written to the standard error so far. */
  readonly stderr: () => string;
  /** Sends SIGTERM and gives the exit code. */
  readonly terminate: () => Promise<number | null>;
}

/** Starts the program as a user does, if need be through another that changes its rights, and waits until it listens. */
export async function startProcess(
  folder: string,
  declared: Partial<ExporterConfig>,
  through: readonly string[] = [],
): Promise<ExporterProcess> {
  const config = join(folder, 'exporter.json');
  writeFileSync(config, JSON.stringify(configIn(folder, declared)));
  return await startProgram([...through, process.execPath, join(root, 'exporter/main.ts'), '--config', config]);
}

/** Starts an exporter by its command line and waits until it listens. */
export async function startProgram([program = '', ...args]: readonly string[]): Promise<ExporterProcess> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  child.stderr.on('data', (data) => (text += String(data)));
  onTestFinished(() => void child.kill('SIGKILL'));
  await until(() => /"address":"/.test(text) || child.exitCode !== null);
  const url = /"address":"([^"]+)"/.exec(text)?.[1];
  if (url === undefined) throw new Error(`the exporter did not start: ${text}`);
  return {
    url,
    process: child,
    children: () => childrenOf(child.pid ?? 0),
    stderr: () => text,
    terminate: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      return child.exitCode;
    },
  };
}

export function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === parent);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined;
  }
}

/** Whether a process waits in the kernel for a FUSE server. */
export function isWaiting(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/wchan`, 'utf8').includes('request_wait');
  } catch {
    return false;
  }
}

/** False also for a process that has ended and that nobody has waited for yet. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
