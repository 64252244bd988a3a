import { UserError } from '../../common/problems.ts';
import type { Addresses } from '../../stack/defaults.ts';
import type { Shell } from '../cli/command.ts';
import { type OpenedStack, openWhole } from '../own/open.ts';
import { stateDirectory } from './paths.ts';
import type { Selection } from './selection.ts';

/** What an environment is looked for and read with. */
export type Surroundings = Pick<Shell, 'root' | 'cwd' | 'env'>;

/**
 * The one stack of platform local that is selected, its parts at `addresses`.
 * @throws ProblemsError with every mistake in the environment; UserError when it is for another platform.
 */
export async function openLocal(
  selection: Selection,
  surroundings: Surroundings,
  addresses?: Partial<Addresses>,
): Promise<OpenedStack> {
  const { environment: name, envFile, instance, state } = selection;
  const { stacks } = await openWhole({
    name,
    ...surroundings,
    envFile,
    instance,
    addresses,
    state: (stack) => state ?? stateDirectory(stack, surroundings.env),
  });
  const [first, ...others] = stacks;
  if (first === undefined) throw new UserError(`${name} declares no instance`);
  if (first.stack.platform !== 'local')
    throw new UserError(
      `${name} is an environment for platform ${first.stack.platform}; this command is for platform local`,
    );
  if (others.length > 0)
    throw new UserError(
      `${name} has ${stacks.length} instances: choose one with --instance ${stacks.map(({ stack }) => stack.instance).join('|')}`,
    );
  return first;
}
