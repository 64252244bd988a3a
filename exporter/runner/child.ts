import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type Answer, type Batch, type Message, type Question, readerArgument } from '../reader/protocol.ts';

/** Milliseconds that the kernel may take to end a killed process before it counts as one that cannot be ended. */
const patience = 300;

export class ChildHungError extends Error {
  constructor(seconds: number) {
    super(`the file system gave no answer for ${seconds} s`);
    this.name = 'ChildHungError';
  }
}

/** A reader process. It is asked one batch at a time, and ended by `end`, whatever it does. */
export class Child {
  readonly #process: ChildProcess;
  readonly #exit: Promise<unknown>;
  #ids = 0;
  /** Whether it holds something for the next reading. */
  worthKeeping = false;

  /** @param entry path of the exporter's `main.ts`, or of what it was bundled to. */
  constructor(entry: string, env: NodeJS.ProcessEnv) {
    this.#process = fork(entry, [readerArgument, String(process.pid)], {
      env,
      // It reads much at once: the small young generation of the serving process would cost it a tenth of its time.
      execArgv: [...process.execArgv, '--max-semi-space-size=8'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#process.on('error', () => {});
    this.#exit = once(this.#process, 'exit').catch(() => {});
  }

  /** Whether it was killed and is still there. */
  get undying(): boolean {
    return this.#process.killed && this.alive;
  }

  get alive(): boolean {
    return this.#process.pid !== undefined && this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /**
   * Asks several questions; `hear` gets the answers one by one, in their order.
   *
   * @param deadline seconds without any progress.
   * @throws ChildHungError after them, another error when the child ended instead of answering.
   */
  async ask(questions: readonly Question[], deadline: number, hear: (answer: Answer) => void): Promise<void> {
    this.#ids += 1;
    const id = this.#ids;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new ChildHungError(deadline)), deadline * 1000);
    let missing = questions.length;
    const receive = (message: Message) => {
      if (message.id !== id) return;
      timer.refresh();
      if (message.kind === 'progress') return;
      this.worthKeeping = message.keep;
      hear(message);
      missing -= 1;
      if (missing === 0) resolve();
    };
    const ended = () => reject(new Error('the reader process ended before it answered'));
    this.#process.on('message', receive).once('exit', ended).once('error', ended);
    try {
      this.#process.send({ id, questions } satisfies Batch, (error) => error !== null && reject(error));
      await promise;
    } finally {
      clearTimeout(timer);
      this.#process.off('message', receive).off('exit', ended).off('error', ended);
    }
  }

  /** Lets a child that is asked nothing end by itself. */
  async release(): Promise<void> {
    if (this.alive && this.#process.connected) this.#process.disconnect();
    await this.#gone(patience);
    await this.end();
  }

  /** Kills it. False when it is still there after a while: it then keeps neither this process nor its exit waiting. */
  async end(): Promise<boolean> {
    if (!this.alive) return true;
    this.#process.kill('SIGKILL');
    await this.#gone(patience);
    if (!this.alive) return true;
    this.#process.unref();
    this.#process.channel?.unref();
    return false;
  }

  async #gone(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, milliseconds);
    await Promise.race([this.#exit, promise]);
    clearTimeout(timer);
  }
}
