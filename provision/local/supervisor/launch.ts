import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { PartSpec } from '../types.ts';
import { lastError, parseLine } from './lines.ts';
import { logSize, openLog, tailLog } from './logs.ts';
import { describeExit } from './state.ts';

/** What a part needs of the supervisor that runs it. */
export interface PartHost {
  readonly log: (part: string) => string;
  /** Environment of every part. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Put before every command, so that the system ends the part when the supervisor is gone; may be empty. */
  readonly guard: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told of every process started, at once. */
  readonly started: (part: string, pid: number) => void;
  /** Told of every change of a part's state. */
  readonly changed: () => void;
}

/** One running process of a part. */
export interface Launch {
  /** Also the number of its process group; undefined when it could not be started. */
  readonly pid: number | undefined;
  readonly at: number;
  readonly exit: Promise<Exit>;
}

export interface Exit {
  /** `exit 1`, `SIGKILL`, `not started`. */
  readonly how: string;
  /** The same with the last error of its log. */
  readonly reason: string;
}

/** Starts a part in a process group of its own, its output going straight to its log file. */
export function launch(spec: PartSpec, host: PartHost): Launch {
  const path = host.log(spec.name);
  const from = logSize(path);
  const log = openLog(path);
  const [program = '', ...args] = [...host.guard, ...spec.command];
  const child = spawn(program, args, {
    cwd: spec.cwd,
    env: { ...host.env, ...spec.env },
    detached: true,
    stdio: spec.ipc ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
  });
  closeSync(log);
  if (child.pid !== undefined) host.started(spec.name, child.pid);
  const exit = new Promise<Exit>((resolve) => {
    child.once('error', (error) => resolve({ how: 'not started', reason: `not started: ${error.message}` }));
    child.once('exit', (code, signal) => resolve(explainExit(code, signal, tailLog(path, 50, from))));
  });
  return { pid: child.pid, at: host.now(), exit };
}

/** A part that ended by itself says why in its last lines; one that was killed usually says nothing. */
function explainExit(code: number | null, signal: NodeJS.Signals | null, lines: readonly string[]): Exit {
  const how = describeExit(code, signal);
  const last = lines.at(-1);
  const said = lastError(lines) ?? (signal === null && last !== undefined ? parseLine(last).text : null);
  return { how, reason: said === null ? how : `${how}: ${said}` };
}
