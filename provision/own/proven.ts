import { UserError } from '../../common/problems.ts';
import type { Shell } from '../cli/command.ts';
import { findProgram } from '../local/supervisor/guard.ts';
import type { OpenedStack } from './open.ts';

/**
 * The rules that an environment adds, proven by promtool; gives the number of scenarios that came out as they say.
 * @throws UserError when there are rules and no promtool; ProblemsError with what it found.
 */
export async function requireProven(stacks: readonly OpenedStack[], { env }: Pick<Shell, 'env'>): Promise<number> {
  const [first] = stacks.flatMap(({ files }) => files.topics);
  if (first === undefined) return 0;
  const promtool = findProgram('promtool', env['PATH']);
  if (promtool === undefined) throw new UserError(`${first.file}: ${withoutPromtool}`);
  const { proveRules } = await import('./prove.ts');
  return proveRules(stacks, promtool);
}

/** The same where there is a promtool; elsewhere the person is told that nothing was proven. */
export async function proveOrTell(stacks: readonly OpenedStack[], shell: Shell): Promise<void> {
  const [first] = stacks.flatMap(({ files }) => files.topics);
  if (first === undefined) return;
  if (findProgram('promtool', shell.env['PATH']) !== undefined) await requireProven(stacks, shell);
  else shell.report(`${first.file}: not proven, ${withoutPromtool}`);
}

const withoutPromtool =
  'an environment\'s own rules are proven by promtool, which is not on the PATH: install it with "apt-get install prometheus", or put the project\'s own release on the PATH';
