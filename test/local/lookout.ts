import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { until } from './support.ts';

const root = resolve(import.meta.dirname, '../..');
const program = join(root, 'bin', 'lookout.mjs');

/** A command line of Lookout in a process of its own, as a user has it. */
export interface Lookout {
  readonly child: ChildProcess;
  /** Everything printed so far, on both channels. */
  readonly output: () => string;
  readonly ended: Promise<number | NodeJS.Signals>;
}

export function lookout(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): Lookout {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, npm_lifecycle_event: undefined, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      output += data.toString();
    });
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code ?? 0)),
  );
  return { child, output: () => output, ended };
}

/** Brings a stack up and waits for it. */
export async function up(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Lookout> {
  const started = lookout(['up', ...args], env);
  let ended = false;
  void started.ended.then(() => {
    ended = true;
  });
  await until('the stack to be up', () => ended || / is up after /.test(started.output()), 60);
  if (ended) throw new Error(`it ended instead:\n${started.output()}`);
  return started;
}

/** Runs a command to its end. */
export async function command(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}) {
  const started = lookout(args, env);
  return { code: await started.ended, output: started.output() };
}

export interface StatusJson {
  readonly page: string;
  readonly pid: number;
  readonly healthy: boolean;
  readonly parts: readonly {
    readonly name: string;
    readonly state: string;
    readonly address: string | null;
    readonly pid: number | null;
    readonly restarts: number;
  }[];
  readonly alerts: readonly { readonly name: string; readonly state: string; readonly silencedBy: readonly string[] }[];
  readonly credentials: readonly { readonly name: string; readonly place: string }[];
}

export async function status(state: string): Promise<StatusJson> {
  const { output } = await command(['status', '--state', state, '--json']);
  return JSON.parse(output) as StatusJson;
}

/** An environment of a user's own, watching nothing that exists, with a mail server's password in a variable. */
export function writeEnvironment(directory: string): string {
  const folder = join(directory, 'watch');
  const path = join(folder, 'environment.yaml');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `platform: local
pace: 15
backups:
  - name: papers
    directory: ${directory}/backups
    pattern: papers_%Y%m%d_%H%M%S.tar.gz
    engine: files
    schedule: "0 3 * * *"
alertmanager:
  email:
    smarthost: 127.0.0.1:9
    from: lookout@example.com
    to: [you@example.com]
    user: lookout
    password: { env: WATCH_SMTP_PASSWORD }
    tls: false
`,
  );
  return folder;
}

/** The value of a generated credential. */
export function credential(state: string, name: string): string {
  return readFileSync(join(state, 'credentials', name), 'utf8').trim();
}
