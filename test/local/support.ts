import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deathGuard } from '../../provision/local/supervisor/guard.ts';
import { runVariable } from '../../provision/local/supervisor/orphans.ts';
import { livingProcesses, processEnvironment } from '../../provision/local/supervisor/process.ts';
import { type RecordedProcess, Supervisor } from '../../provision/local/supervisor/supervisor.ts';
import type { PartSpec, PartState } from '../../provision/local/types.ts';

/** A directory that is gone after the test. */
export function temporaryDirectory(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'lookout-local-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A part that runs a small program of its own. */
export function programPart(name: string, program: string, overrides: Partial<PartSpec> = {}): PartSpec {
  return {
    name,
    title: name,
    command: [process.execPath, '-e', program],
    env: {},
    cwd: tmpdir(),
    ipc: false,
    after: [],
    probe: async () => {},
    deadline: 10,
    patience: 5,
    addresses: [],
    ...overrides,
  };
}

export const idle = 'setInterval(() => {}, 1000)';
/** Ignores SIGTERM. */
export const stubborn = `process.on('SIGTERM', () => console.log('no')); console.log('armed'); ${idle}`;

export interface Bench {
  readonly supervisor: Supervisor;
  readonly run: string;
  readonly recorded: () => readonly RecordedProcess[];
  /** Every text that a part's state had, in order. */
  readonly history: (part: string) => readonly string[];
  readonly log: (part: string) => string;
}

/** A started supervisor over these parts; `use` it: it is stopped by force at the end. */
export async function bench(directory: string, specs: readonly PartSpec[]): Promise<Bench & AsyncDisposable> {
  const run = randomUUID();
  const history = new Map<string, string[]>();
  let recorded: readonly RecordedProcess[] = [];
  const log = (part: string) => join(directory, `${part}.log`);
  const supervisor: Supervisor = new Supervisor(specs, {
    log,
    env: { ...process.env, [runVariable]: run },
    guard: deathGuard(process.platform, process.env['PATH']),
    now: Date.now,
    record: (processes) => {
      recorded = processes;
    },
    changed: () => {
      for (const { name, state } of supervisor.states()) {
        const states = history.get(name) ?? [];
        if (states.at(-1) !== state) history.set(name, [...states, state]);
      }
    },
  });
  supervisor.start();
  return {
    supervisor,
    run,
    recorded: () => recorded,
    history: (part) => history.get(part) ?? [],
    log,
    [Symbol.asyncDispose]: () => supervisor.stop(AbortSignal.abort()),
  };
}

export function stateOf(supervisor: Supervisor, name: string): PartState {
  const state = supervisor.states().find((part) => part.name === name);
  if (state === undefined) throw new Error(`no part ${name}`);
  return state;
}

/** Fulfilled when the condition holds; rejects, saying what was awaited, when that takes unreasonably long. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, seconds = 30): Promise<void> {
  for (let waited = 0; waited < seconds * 1000; waited += 50) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error(`still waiting after ${seconds} s: ${what}`);
}

/** Numbers of the living processes that belong to a run. */
export function processesOf(run: string): readonly number[] {
  return livingProcesses()
    .filter(({ pid }) => processEnvironment(pid)?.includes(`${runVariable}=${run}`))
    .map(({ pid }) => pid);
}

/** A port on loopback that no one listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
