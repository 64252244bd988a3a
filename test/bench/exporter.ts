import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExporterConfig } from '../../exporter/config.ts';
import { bundleExporter } from '../../provision/build/exporter/bundle.ts';
import { compileCache, nodeOptions } from '../../provision/local/parts/runtime.ts';

export const root = resolve(import.meta.dirname, '../..');
export const authorization = { authorization: 'Bearer bench' };

/** An empty folder for a world to be watched; deleted after `use`. */
export async function inFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'lookout-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One that this process alone uses, and one server at a time. */
export function freePort(): number {
  return 20_000 + (process.pid % 10_000);
}

export interface Started {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from the start of the process until every declared thing had been read and was in the answer. */
  readonly complete: number;
  readonly process: ChildProcess;
}

/**
 * Starts the exporter as it is installed, from its one bundled file, and waits for its first complete scrape. The bundle is made
 * once in the folder, before the time counts.
 */
export async function startExporter(folder: string, declared: Partial<ExporterConfig>): Promise<Started> {
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const entry = join(folder, 'lookout-exporter.mjs');
  writeConfig(folder, port, declared);
  if (!existsSync(entry)) writeFileSync(entry, await bundleExporter(root));
  const started = performance.now();
  const args = [...nodeOptions, entry, '--config', join(folder, 'exporter.json')];
  const child = spawn(process.execPath, args, {
    stdio: 'ignore',
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache(root) },
  });
  while (!(await complete(url))) {
    if (child.exitCode !== null) throw new Error(`the exporter ended with ${child.exitCode}`);
    await sleep(5);
  }
  return { url, pid: child.pid ?? 0, complete: performance.now() - started, process: child };
}

export async function stop({ process: child }: Started): Promise<void> {
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await ended;
}

/** Milliseconds of a collector's last round. */
export async function durationOf({ url }: Started, collector: string): Promise<number> {
  const text = await (await fetch(`${url}/prometheus`, { headers: authorization })).text();
  const line = new RegExp(`^lookout_collector_duration_seconds\\{collector="${collector}"\\} (\\S+)$`, 'm');
  return Number(line.exec(text)?.[1]) * 1000;
}

async function complete(url: string): Promise<boolean> {
  try {
    if (!(await fetch(`${url}/readyz`)).ok) return false;
    return (await (await fetch(`${url}/prometheus`, { headers: authorization })).text()).includes('lookout_source_up');
  } catch {
    return false;
  }
}

function writeConfig(folder: string, port: number, declared: Partial<ExporterConfig>): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'token'), 'bench');
  const config: ExporterConfig = {
    listen: { host: '127.0.0.1', port },
    tokenFile: join(folder, 'token'),
    interval: 60,
    deadline: 30,
    node: 'bench',
    backups: [],
    volumes: [],
    certificateFiles: [],
    certificateEndpoints: [],
    traces: null,
    ...declared,
  };
  writeFileSync(join(folder, 'exporter.json'), JSON.stringify(config));
}
