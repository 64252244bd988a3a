import { type Problem, ProblemsError } from '../../common/problems.ts';
import type { Own } from '../../dashboards/types.ts';
import { alertProblems } from '../../rules/index.ts';
import type { LoadedEnvironment, LoadedStack } from '../../stack/load.ts';
import { displayPath, type OpenOptions, openEnvironment } from '../../stack/open.ts';
import { type OwnFiles, ownOf } from './files.ts';
import { loadOwn } from './load.ts';

/** A stack with the dashboards and rules that its environment adds. */
export interface OpenedStack extends LoadedStack {
  readonly own: Own;
  /** The same with where it stands. */
  readonly files: OwnFiles;
}

export interface OpenedEnvironment extends LoadedEnvironment {
  readonly stacks: readonly OpenedStack[];
}

/**
 * Opens an environment with everything in its folder.
 * @throws as `openEnvironment`, and ProblemsError for what only the rooms can judge: the names in `alerts`, and its own
 *   dashboards and rules.
 */
export async function openWhole(options: OpenOptions): Promise<OpenedEnvironment> {
  const environment = openEnvironment(options);
  const files = await loadOwn(environment.folder, (path) => displayPath(path, options.cwd));
  const own = ownOf(files);
  const problems = [
    ...environment.stacks.flatMap((stack) => overridesOf(stack, own)),
    ...(await examined(environment, files)),
  ];
  const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  if (distinct.size > 0) throw new ProblemsError([...distinct.values()]);
  return { ...environment, stacks: environment.stacks.map((stack) => ({ ...stack, own, files })) };
}

function overridesOf({ stack, problemAt }: LoadedStack, { topics }: Own): readonly Problem[] {
  return alertProblems(stack, topics).map(({ path, message }) => problemAt(path, message));
}

/** The lint and its parser are loaded only for those who have something to be examined. */
async function examined({ stacks }: LoadedEnvironment, files: OwnFiles): Promise<readonly Problem[]> {
  if (files.dashboards.length + files.topics.length === 0) return [];
  const { examine } = await import('./examine.ts');
  return stacks.flatMap(({ stack }) => examine(stack, files));
}
