import { setTimeout as sleep } from 'node:timers/promises';
import type { PartPhase, PartSpec, PartState } from '../types.ts';
import { endGroup } from './group.ts';
import { type Exit, type Launch, launch, type PartHost } from './launch.ts';
import { probe } from './probe.ts';
import { backoff, describeState } from './state.ts';

/** Milliseconds between two probes of a part that is not healthy yet, and of one that is. */
const eager = 100;
const calm = 2000;
/** Failed probes in a row after which a healthy part counts as degraded. */
const tolerated = 2;
/** Milliseconds in good health after which earlier failures are forgotten. */
const stable = 30_000;

/** One supervised part: started, probed, started again when it ends, until it is stopped. */
export class Part {
  readonly spec: PartSpec;
  /** Fulfilled when it is healthy for the first time, or when that took longer than its deadline. */
  readonly settled: Promise<void>;
  #host: PartHost;
  #dependencies: readonly Part[];
  #settle: () => void;
  #isSettled = false;
  #phase: PartPhase = 'waiting';
  #reason: string | null = null;
  #launch: Launch | null = null;
  #healthyAt: number | null = null;
  #restarts = 0;
  #failures = 0;
  #lastExit: (Exit & { readonly at: number }) | null = null;
  #startAt: number | null = null;
  #stoppingSince: number | null = null;
  #stop = new AbortController();
  #requested = false;
  #loop: Promise<void> = Promise.resolve();

  constructor(spec: PartSpec, dependencies: readonly Part[], host: PartHost) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.spec = spec;
    this.settled = promise;
    this.#settle = resolve;
    this.#dependencies = dependencies;
    this.#host = host;
  }

  /** Begins; to be called once. */
  start(): void {
    this.#loop = this.#run();
  }

  /** Ends the process and its group and keeps it from being started again. Fulfilled when nothing of it is alive. */
  async stop(force: AbortSignal): Promise<void> {
    this.#stoppingSince ??= this.#host.now();
    this.#stop.abort();
    this.#change('stopping');
    const pid = this.#launch?.pid;
    if (pid !== undefined) await endGroup(pid, this.spec.patience, force);
    await this.#loop;
    this.#settle();
    this.#change('stopped');
  }

  /** Ends the process so that it is started again at once; nothing happens to a part without a process. */
  async restart(): Promise<void> {
    const pid = this.#launch?.pid;
    if (pid === undefined || this.#stop.signal.aborted) return;
    this.#requested = true;
    await endGroup(pid, this.spec.patience);
  }

  state(): PartState {
    const { name, title, addresses } = this.spec;
    return {
      name,
      title,
      phase: this.#phase,
      state: describeState(this.#situation(), this.#host.now()),
      reason: this.#reason,
      pid: this.#launch?.pid ?? null,
      since: this.#launch?.at ?? null,
      healthyAt: this.#healthyAt,
      restarts: this.#restarts,
      lastExit: this.#lastExit === null ? null : { at: this.#lastExit.at, reason: this.#lastExit.reason },
      residentBytes: null,
      addresses,
    };
  }

  #situation() {
    return {
      phase: this.#phase,
      waitingFor: this.#dependencies.filter((part) => !part.#isSettled).map((part) => part.spec.name),
      restarts: this.#restarts,
      reason: this.#reason,
      lastExit: this.#lastExit,
      startAt: this.#startAt,
      stoppingSince: this.#stoppingSince,
    };
  }

  async #run(): Promise<void> {
    const stopped = this.#stop.signal;
    await Promise.race([Promise.all(this.#dependencies.map((part) => part.settled)), aborted(stopped)]);
    while (!stopped.aborted) {
      const exit = await this.#runOnce();
      if (stopped.aborted) return;
      await this.#rest(exit);
    }
  }

  /** One life of the process, its whole group included. */
  async #runOnce(): Promise<Exit> {
    const running = launch(this.spec, this.#host);
    const over = new AbortController();
    this.#launch = running;
    this.#healthyAt = null;
    this.#change('starting');
    const watching = this.#watch(running, over.signal);
    const exit = await running.exit;
    over.abort();
    await watching;
    if (running.pid !== undefined) await endGroup(running.pid, this.spec.patience);
    this.#launch = null;
    return exit;
  }

  /** Waits until the part may be started again: at once on request, otherwise longer after each failure. */
  async #rest(exit: Exit): Promise<void> {
    const now = this.#host.now();
    const wasStable = this.#healthyAt !== null && now - this.#healthyAt >= stable;
    this.#failures = wasStable || this.#requested ? 1 : this.#failures + 1;
    this.#restarts += 1;
    this.#lastExit = this.#requested
      ? { how: 'on request', reason: 'restarted on request', at: now }
      : { ...exit, at: now };
    const wait = this.#requested ? 0 : backoff(this.#failures) * 1000;
    this.#requested = false;
    this.#startAt = now + wait;
    this.#change('restarting', this.#lastExit.reason);
    await sleep(wait, undefined, { signal: this.#stop.signal }).catch(ignoreAbort);
  }

  async #watch(running: Launch, over: AbortSignal): Promise<void> {
    for (let failed = 0; !over.aborted; ) {
      const failure = await probe(this.spec, over);
      if (over.aborted || this.#stop.signal.aborted) return;
      failed = failure === null ? 0 : failed + 1;
      this.#judge(running, failure, failed);
      await sleep(this.#phase === 'healthy' ? calm : eager, undefined, { signal: over }).catch(ignoreAbort);
    }
  }

  #judge(running: Launch, failure: string | null, failed: number): void {
    const now = this.#host.now();
    if (failure === null) {
      this.#healthyAt ??= now;
      this.#settleNow();
      this.#change('healthy');
    } else if (this.#healthyAt !== null) {
      if (failed >= tolerated) this.#change('degraded', failure);
    } else if (now - running.at > this.spec.deadline * 1000) {
      this.#settleNow();
      this.#change('degraded', `not ready after ${this.spec.deadline} s: ${failure}`);
    }
  }

  #settleNow(): void {
    this.#isSettled = true;
    this.#settle();
  }

  #change(phase: PartPhase, reason: string | null = null): void {
    if (this.#stoppingSince !== null && phase !== 'stopping' && phase !== 'stopped') return;
    if (this.#phase === phase && this.#reason === reason) return;
    this.#phase = phase;
    this.#reason = reason;
    this.#host.changed();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
