import { join, relative } from 'node:path';
import { readIfPresent, writeFileAtomic } from '../../common/files.ts';
import { UserError } from '../../common/problems.ts';
import { findEnvironment } from '../../stack/open.ts';
import type { Shell } from '../cli/command.ts';
import type { LocalPaths } from './paths.ts';
import type { Selection } from './selection.ts';

/**
 * Marks a state directory with the environment that it belongs to. Folders of one name would otherwise share data and
 * credentials, as the state directory is named after the folder.
 * @throws UserError when it belongs to another environment.
 */
export function claimState(
  { environment }: Selection,
  { root, cwd }: Pick<Shell, 'root' | 'cwd'>,
  { state }: LocalPaths,
): void {
  const file = join(state, 'environment');
  const owner = ownName(findEnvironment(environment, { root, cwd }), root);
  const current = readIfPresent(file)?.trim();
  if (current === undefined) writeFileAtomic(file, `${owner}\n`, 0o600);
  else if (current !== owner)
    throw new UserError(
      `${state} holds the data of ${current}, not of ${owner}: give this one a state of its own with --state <directory>, or its folder another name. When the folder was only moved: echo ${owner} > ${file}`,
    );
}

/** An environment that comes with Lookout is the same one in every checkout; another is known by its place. */
function ownName(folder: string, root: string): string {
  const below = relative(join(root, 'environments'), folder);
  return below.startsWith('..') ? folder : `environments/${below}`;
}
