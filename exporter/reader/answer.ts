import { failed, problemOf } from '../model/failure.ts';
import { realFiles } from './files.ts';
import type { Answer, Message, Question } from './protocol.ts';
import { type AnyTask, tasks } from './tasks.ts';

/** Milliseconds between two messages that say that reading goes on. */
const progressInterval = 200;

export interface Surroundings {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly send: (message: Message) => void;
  readonly memory: Map<string, unknown>;
}

/** Runs the task that is asked for and gives its answer; whatever it throws is a problem in it. */
export async function answer(question: Question, surroundings: Surroundings): Promise<Answer> {
  const { id, task: name } = question;
  const { task } = await tasks[name]();
  const outcome = attempt(task, question, surroundings);
  const unchanged = outcome.reading !== null && outcome.reading === question.previous;
  return {
    kind: 'answer',
    id,
    outcome: unchanged ? { unchanged, problem: outcome.problem } : outcome,
    keep: surroundings.memory.size > 0,
  };
}

/** The types of request and reading are agreed between a collector and its task; this boundary cannot see them. */
function attempt(task: AnyTask, question: Question, { now, send, memory }: Surroundings): ReturnType<AnyTask> {
  const progress = throttled(() => send({ kind: 'progress', id: question.id }));
  const context = { files: realFiles(progress), now: now() / 1000, progress, memory };
  try {
    return task(question.request as never, question.previous as never, context);
  } catch (error) {
    return failed(problemOf(error, `read ${question.path}`));
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
