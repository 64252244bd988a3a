import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Stack } from '../../../stack/types.ts';
import type { Shell } from '../../cli/command.ts';
import { compileCache, nodeOptions } from '../parts/runtime.ts';
import type { Selection } from '../selection.ts';
import { restoreError } from './carry.ts';
import type { Prepared } from './prepare.ts';
import type { Answer, Question } from './questions.ts';

/** A process that reads and builds an environment for the supervisor. */
export interface Preparer extends Disposable {
  /** @throws ProblemsError, UserError as `openLocal` does. */
  readonly declare: () => Promise<Stack>;
  readonly prepare: () => Promise<Prepared>;
}

/** Ctrl-C at the terminal does not reach it: it ends with us. */
export function startPreparer(selection: Selection, { root, cwd, env }: Shell): Preparer {
  const child = fork(join(import.meta.dirname, 'main.ts'), {
    env: { ...env, NODE_COMPILE_CACHE: compileCache(root) },
    execArgv: [...nodeOptions],
    cwd,
    detached: true,
  });
  const question = { selection, root, cwd };
  return {
    declare: async () => {
      const answer = await ask(child, { kind: 'declare', ...question });
      if (answer.kind !== 'declare') throw unexpected(answer);
      return answer.stack;
    },
    prepare: async () => {
      const answer = await ask(child, { kind: 'prepare', ...question });
      if (answer.kind !== 'prepare') throw unexpected(answer);
      return answer.prepared;
    },
    [Symbol.dispose]: () => {
      if (child.connected) child.disconnect();
    },
  };
}

function ask(child: ChildProcess, question: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const lost = (code: number | null, signal: string | null) =>
      reject(new Error(`the process that reads the environment ended with ${signal ?? `exit ${code}`}`));
    child.once('exit', lost);
    child.once('error', reject);
    child.once('message', (answer: Answer) => {
      child.off('exit', lost);
      child.off('error', reject);
      resolve(answer);
    });
    child.send(question);
  });
}

function unexpected(answer: Answer): Error {
  return answer.kind === 'failure'
    ? restoreError(answer.failure)
    : new Error(`an answer to another question: ${answer.kind}`);
}
