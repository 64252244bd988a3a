import { requireProven } from '../../own/proven.ts';
import { openLocal } from '../environment.ts';
import { localPaths } from '../paths.ts';
import { carryError } from './carry.ts';
import { compileParts } from './compile.ts';
import { prepare } from './prepare.ts';
import type { Answer, Question } from './questions.ts';

/**
 * Answers the supervisor's questions about an environment in a process of its own: what reads and builds one stays in
 * memory for as long as its process lives, and the supervisor lives long.
 */
process.on('message', async (question: Question) => {
  process.send?.(await answer(question));
});
process.on('disconnect', () => process.exit(0));

async function answer({ kind, selection, root, cwd }: Question): Promise<Answer> {
  const surroundings = { root, cwd, env: process.env };
  try {
    const opened = await openLocal(selection, surroundings);
    const { stack } = opened;
    if (kind === 'declare') return { kind, stack };
    await requireProven([opened], surroundings);
    await compileParts(surroundings);
    return { kind, prepared: await prepare(selection, stack, localPaths(stack.local?.state ?? ''), surroundings) };
  } catch (error) {
    return { kind: 'failure', failure: carryError(error) };
  }
}
