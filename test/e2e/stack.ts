import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const root = resolve(import.meta.dirname, '../..');
const program = join(root, 'bin/lookout.mjs');

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `lookout` to its end, as a user would, on the state directory. */
export async function lookout(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, [program, ...args], { cwd: root, env: { ...process.env, ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** A local stack in the foreground of a child process. */
export interface RunningStack {
  readonly child: ChildProcess;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Everything it printed so far. */
  readonly output: () => string;
  readonly stop: () => Promise<number | null>;
}

/** `lookout up`, until it says that it is up. Rejects with what it printed when it ends before. */
export async function start(state: string, environment = 'local'): Promise<RunningStack> {
  const startedAt = Date.now();
  const child = spawn(process.execPath, [program, 'up', environment, '--state', state], { cwd: root });
  let output = '';
  const ended = once(child, 'exit');
  const up = new Promise<void>((done, failed) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (/ is up after /.test(output)) done();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => failed(new Error(`lookout up ended with ${code}:\n${output}`)));
  });
  await up;
  const stop = async () => {
    child.kill('SIGTERM');
    const [code] = (await ended) as [number | null];
    return code;
  };
  return { child, startedAt, output: () => output, stop };
}

export interface Part {
  readonly name: string;
  readonly state: string;
  readonly pid: number;
}

/** What `lookout status --json` says of the parts. */
export async function parts(state: string, environment = 'local'): Promise<readonly Part[]> {
  const { stdout, stderr } = await lookout(['status', environment, '--state', state, '--json']);
  if (stdout === '') throw new Error(`lookout status printed nothing: ${stderr}`);
  return (JSON.parse(stdout) as { parts: readonly Part[] }).parts;
}

/** An instant query to the stack's Prometheus with its own credentials. */
export async function query(state: string, expr: string): Promise<readonly { value: [number, string] }[]> {
  const config = JSON.parse(readFileSync(join(state, 'run/ports.json'), 'utf8')) as { prometheus: number };
  const password = readFileSync(join(state, 'credentials/prometheus-password'), 'utf8').trim();
  const authorization = `Basic ${Buffer.from(`lookout:${password}`).toString('base64')}`;
  const url = `http://127.0.0.1:${config.prometheus}/api/v1/query?query=${encodeURIComponent(expr)}`;
  const response = await fetch(url, { headers: { authorization } });
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return data.result;
}

export function port(state: string, name: string): number {
  const ports = JSON.parse(readFileSync(join(state, 'run/ports.json'), 'utf8')) as Record<string, number>;
  const found = ports[name];
  if (found === undefined) throw new Error(`no port ${name} among ${Object.keys(ports).join(', ')}`);
  return found;
}

/** Tells Prometheus or Alertmanager to read its configuration again, as an operator would. */
export async function reload(state: string, name: 'prometheus' | 'alertmanager'): Promise<void> {
  const password = readFileSync(join(state, 'credentials', `${name}-password`), 'utf8').trim();
  const authorization = `Basic ${Buffer.from(`lookout:${password}`).toString('base64')}`;
  const response = await fetch(`http://127.0.0.1:${port(state, name)}/-/reload`, {
    method: 'POST',
    headers: { authorization },
  });
  if (!response.ok) throw new Error(`${name} answered ${response.status} to the reload: ${await response.text()}`);
}

/** Asks again and again until the answer suffices; rejects with the last one when it never does. */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  enough: (answer: T) => boolean,
  seconds = 60,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask().catch((error: unknown) => error as Error);
    if (!(answer instanceof Error) && enough(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`${what}: ${answer instanceof Error ? answer.message : JSON.stringify(answer)}`);
    await sleep(250);
  }
}

/** Processes whose command line names the state directory. */
export function processesOf(state: string): readonly string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return command.includes(state) ? [`${pid} ${command}`] : [];
    } catch {
      return [];
    }
  });
}
