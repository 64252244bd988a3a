import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeFileAtomic } from '../../common/files.ts';
import { UserError } from '../../common/problems.ts';
import { folderNameProblem } from '../../stack/load.ts';

export interface NewFile {
  /** Below the folder of the environment. */
  readonly path: string;
  readonly content: string;
}

/**
 * Writes the files of a new environment. Nothing that is there is touched.
 * @throws UserError when the folder cannot become an environment, or one of the files exists.
 */
export function writeEnvironment(folder: string, files: readonly NewFile[]): void {
  refuseTaken(
    folder,
    files.map(({ path }) => path),
  );
  for (const { path, content } of files) writeFileAtomic(join(folder, path), content);
}

/** @throws UserError as `writeEnvironment` does, for files that are yet to be made. */
export function refuseTaken(folder: string, paths: readonly string[]): void {
  const unfit = folderNameProblem(basename(folder));
  if (unfit !== undefined) throw new UserError(unfit);
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isDirectory()) throw new UserError(`${folder} is a file; name a folder`);
  const taken = paths.filter((path) => existsSync(join(folder, path)));
  if (taken.length === 0) return;
  throw new UserError(`${folder} holds ${taken.join(', ')} already: name another folder, or take the file away`);
}
