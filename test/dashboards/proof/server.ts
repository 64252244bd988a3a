import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutputFile, Stack } from '../../../stack/types.ts';
import { type Generation, run } from '../../support/programs.ts';
import { type PrometheusApi, prometheusApi } from './api.ts';
import { openMetrics, type Recording } from './recording.ts';
import { recordsInOrder } from './records.ts';

export interface LoadedPrometheus {
  readonly api: PrometheusApi;
  readonly stop: () => Promise<void>;
}

/**
 * A real Prometheus that holds a recording as if it had scraped it then, and what the stack's recording rules make of it.
 * Nothing is moved in time: ask at the times of the recording.
 */
export async function loadPrometheus(
  { prometheus, promtool }: Generation,
  recording: Recording,
  stack: Stack,
): Promise<LoadedPrometheus> {
  const directory = mkdtempSync(join(tmpdir(), 'lookout-proof-'));
  const data = join(directory, 'data');
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    const raw = join(directory, 'recording.txt');
    writeFileSync(raw, openMetrics(recording));
    run(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', raw, data]);
    for (const rules of recordsInOrder(stack)) {
      const file = write(directory, rules);
      const { address, stop } = await startPrometheus(prometheus, directory, data);
      try {
        run(promtool, backfill(address, recording, data, file));
      } finally {
        await stop();
      }
    }
    const { address, stop } = await startPrometheus(prometheus, directory, data);
    return { api: prometheusApi(address), stop: () => stop().finally(remove) };
  } catch (error) {
    remove();
    throw error;
  }
}

function backfill(address: string, { from, to }: Recording, data: string, rules: string): readonly string[] {
  const span = [`--start=${Math.ceil(from)}`, `--end=${Math.floor(to)}`];
  return ['tsdb', 'create-blocks-from', 'rules', `--url=http://${address}`, ...span, `--output-dir=${data}`, rules];
}

function write(directory: string, { path, content }: OutputFile): string {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

async function startPrometheus(program: string, directory: string, data: string) {
  const config = join(directory, 'prometheus.yml');
  writeFileSync(config, '{}\n');
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=${address}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const log: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => log.push(chunk.toString()));
  await ready(child, address, log);
  return { address, stop: () => stopped(child) };
}

async function ready(child: ChildProcess, address: string, log: readonly string[]): Promise<void> {
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`Prometheus ended:\n${log.join('')}`);
    const answer = await fetch(`http://${address}/-/ready`).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(25);
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

/** A port of loopback on which nobody listens now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
