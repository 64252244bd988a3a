import { failed, problemOf } from '../model/failure.ts';
import type { Outcome } from '../model/reading.ts';
import { realFiles } from './files.ts';
import { explainMissing } from './missing.ts';
import type { Batch, Message, Question } from './protocol.ts';
import { type AnyTask, tasks } from './tasks.ts';

/** Milliseconds between two messages that say that reading goes on. */
const progressInterval = 200;

export interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly send: (message: Message) => void;
  readonly memory: Map<string, unknown>;
}

/** Runs the tasks that are asked for and sends their answers; whatever they throw is a problem in them. */
export async function answer({ id, questions }: Batch, surroundings: Surroundings): Promise<void> {
  const { send, memory } = surroundings;
  const progress = throttled(() => send({ kind: 'progress', id }));
  for (const question of questions) {
    const { task } = await tasks[question.task]();
    const outcome = await attempt(task, question, progress, surroundings);
    const unchanged = outcome.reading !== null && outcome.reading === question.previous;
    const short = unchanged ? { unchanged, problem: outcome.problem } : outcome;
    send({ kind: 'answer', id, outcome: short, keep: memory.size > 0 });
  }
}

/** The types of request and reading are agreed between a collector and its task; this boundary cannot see them. */
async function attempt(
  task: AnyTask,
  { request, previous, path }: Question,
  progress: () => void,
  { now, memory }: Surroundings,
): Promise<Outcome<unknown>> {
  const context = { files: realFiles(progress), now: now() / 1000, progress, memory };
  try {
    return await task(request as never, previous as never, context);
  } catch (error) {
    return failed(explainMissing(context.files, path, problemOf(error, `read ${path}`)));
  }
}

function throttled(call: () => void): () => void {
  let last = performance.now();
  return () => {
    const time = performance.now();
    if (time - last < progressInterval) return;
    last = time;
    call();
  };
}
