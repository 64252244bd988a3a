import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nodeOptions } from '../../provision/local/parts/runtime.ts';
import { freePort, inFolder, startExporter, stop } from './exporter.ts';
import { watchMemory } from './memory.ts';
import { atMost, type Result } from './result.ts';
import { backups, certificates, volumes } from './world.ts';

const runs = 5;

interface Run {
  readonly complete: number;
  readonly alone: number;
  readonly together: number;
}

/** The exporter of a usual environment, how soon it knows everything and what it costs, beside a Node process that does nothing. */
export async function benchSmall(): Promise<readonly Result[]> {
  return await inFolder(async (folder) => {
    const declared = {
      certificateFiles: certificates(folder, 20),
      volumes: volumes(folder, 20),
      backups: backups(folder, 5),
      interval: 1,
    };
    const exporter = await repeat(async () => {
      const started = await startExporter(folder, declared);
      const memory = await watchMemory(started.pid, 4000);
      await stop(started);
      return { complete: started.complete, ...memory };
    });
    const bare = await repeat(runBare);
    const row = (what: string, key: keyof Run, unit: Result['unit'], target: number): Result => ({
      work: `20 certificates, 20 volumes, 5 backups: ${what}`,
      unit,
      values: exporter.map((run) => run[key]),
      baselines: [{ name: 'Node that answers nothing', values: bare.map((run) => run[key]) }],
      target: atMost(target),
    });
    return [
      row('start to first complete scrape', 'complete', 'ms', 600),
      row('resident, serving process', 'alone', 'MB', 100),
      row('proportional, with children', 'together', 'MB', 160),
    ];
  });
}

async function repeat(run: () => Promise<Run>): Promise<readonly Run[]> {
  const all: Run[] = [];
  for (let index = 0; index < runs; index += 1) all.push(await run());
  return all;
}

async function runBare(): Promise<Run> {
  const port = freePort();
  const started = performance.now();
  const program = join(import.meta.dirname, 'servers/bare.ts');
  const child = spawn(process.execPath, [...nodeOptions, program, String(port)], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  while (!(await fetch(`http://127.0.0.1:${port}`).catch(() => undefined))?.ok) await sleep(2);
  const complete = performance.now() - started;
  const memory = await watchMemory(child.pid ?? 0, 1000);
  child.kill();
  await ended;
  return { complete, ...memory };
}
