import type { PartSpec, PartState, ProcessIdentity } from '../types.ts';
import type { PartHost } from './launch.ts';
import { beginLog, rotateLog } from './logs.ts';
import { Part } from './part.ts';
import { identify, memoryByGroup } from './process.ts';

/** What the supervisor needs of the program that it runs in. */
export interface SupervisorHost extends Omit<PartHost, 'started'> {
  /** Writes down which processes are ours, so that the next start finds them if this one is killed. */
  readonly record: (processes: readonly RecordedProcess[]) => void;
}

export interface RecordedProcess {
  readonly part: string;
  readonly identity: ProcessIdentity;
}

/** Milliseconds between two looks at the size of the logs. */
const rotation = 10_000;

/** Starts parts in their order, keeps them running, and stops them in the reverse order. */
export class Supervisor {
  #parts: readonly Part[];
  #host: SupervisorHost;
  #processes = new Map<string, RecordedProcess>();
  #rotating: NodeJS.Timeout | null = null;

  constructor(specs: readonly PartSpec[], host: SupervisorHost) {
    this.#host = host;
    const parts = new Map<string, Part>();
    for (const spec of specs) {
      const dependencies = spec.after.map((name) => {
        const part = parts.get(name);
        if (part === undefined) throw new Error(`part ${spec.name} waits for ${name}, which does not come before it`);
        return part;
      });
      parts.set(
        spec.name,
        new Part(spec, dependencies, { ...host, started: (part, pid) => this.#remember(part, pid) }),
      );
    }
    this.#parts = [...parts.values()];
  }

  start(): void {
    for (const { spec } of this.#parts) beginLog(this.#host.log(spec.name));
    for (const part of this.#parts) part.start();
    this.#rotating = setInterval(() => this.#rotate(), rotation).unref();
  }

  /** Fulfilled when every part is healthy or past its deadline. */
  async settled(): Promise<void> {
    await Promise.all(this.#parts.map((part) => part.settled));
  }

  states(): readonly PartState[] {
    const memory = memoryByGroup();
    return this.#parts.map((part) => {
      const state = part.state();
      return { ...state, residentBytes: state.pid === null ? null : (memory.get(state.pid) ?? null) };
    });
  }

  /** Ends the part's process so that it is started again; false when there is no such part. */
  async restart(name: string): Promise<boolean> {
    const part = this.#parts.find(({ spec }) => spec.name === name);
    await part?.restart();
    return part !== undefined;
  }

  /** Stops every part, the last one first; `force` aborted: all at once and without patience. */
  async stop(force: AbortSignal): Promise<void> {
    if (this.#rotating !== null) clearInterval(this.#rotating);
    const hurry = () => void Promise.all(this.#parts.map((part) => part.stop(force)));
    force.addEventListener('abort', hurry, { once: true });
    for (const part of this.#parts.toReversed()) await part.stop(force);
    force.removeEventListener('abort', hurry);
  }

  #remember(part: string, pid: number): void {
    this.#processes.set(part, { part, identity: identify(pid) });
    this.#host.record([...this.#processes.values()]);
  }

  #rotate(): void {
    for (const { spec } of this.#parts) rotateLog(this.#host.log(spec.name));
  }
}
