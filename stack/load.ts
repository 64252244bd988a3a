import { basename, join } from 'node:path';
import { type Problem, ProblemsError } from '../common/problems.ts';
import { checkEnvironment } from './checks.ts';
import { type Addresses, builtInVariables, localAddresses } from './defaults.ts';
import { parseEnvironment } from './document.ts';
import { declaredInstances, type Instance } from './instances.ts';
import { lookupOf, missingVariable, type VariableFiles } from './lookup.ts';
import { type Origins, stackOrigins } from './origins.ts';
import { issueProblems, problemAt } from './problems.ts';
import { resolveStack, type Surroundings, stackName } from './resolve.ts';
import { type Declared, environment as schema } from './schema/environment.ts';
import { secretKeys } from './schema/secrets.ts';
import { type MapNode, parsePath, plain } from './tree.ts';
import type { Stack } from './types.ts';
import { substitute } from './variables.ts';

export interface LoadOptions extends VariableFiles {
  /** Only this instance is loaded; the mistakes and missing variables of others do not matter then. */
  readonly instance?: string | undefined;
  /** Absolute path of the state directory of a stack by name; asked on platform `local` only. */
  readonly state: (stack: string) => string;
  /** Where the local platform really listens, when that differs from `localAddresses`. */
  readonly addresses?: Partial<Addresses> | undefined;
}

export interface LoadedStack {
  readonly stack: Stack;
  /** Where every leaf value of the stack came from, by its path in the stack, e.g. `backups[0].schedule`. */
  readonly origins: Origins;
  /** A problem with a value at a path such as `alerts.BackupMissed`, at the line where the environment states it. */
  readonly problemAt: (path: string, message: string) => Problem;
}

export interface LoadedEnvironment {
  readonly name: string;
  readonly folder: string;
  /** One for each instance; one when there are none. */
  readonly stacks: readonly LoadedStack[];
}

/** @throws ProblemsError with everything that is wrong, each at its file and line. */
export function loadEnvironment(options: LoadOptions): LoadedEnvironment {
  const source = readSource(options);
  const { root, problems } = parseEnvironment(source.text, source.file);
  if (root === null) throw new ProblemsError(problems);
  const instances = declaredInstances(root, source.file, options.instance);
  const results = instances.found.map((instance) => loadInstance(instance, source, options));
  const all = [...instances.problems, ...results.flatMap((result) => result.problems)];
  if (all.length > 0) throw new ProblemsError(distinct(all));
  return {
    name: source.name,
    folder: options.folder,
    stacks: results.flatMap(({ loaded }) => (loaded === null ? [] : [loaded])),
  };
}

interface Source {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

function readSource({ folder, readFile, display }: LoadOptions): Source {
  const [name, path] = [basename(folder), join(folder, 'environment.yaml')];
  const file = display?.(path) ?? path;
  const refuse = (message: string) => new ProblemsError([{ file, line: null, path: '', message }]);
  const text = readFile(path);
  if (text === undefined) throw refuse('no such file; an environment is a folder with an environment.yaml');
  const unfit = folderNameProblem(name);
  if (unfit !== undefined) throw refuse(unfit);
  return { name, file, text };
}

/** Why a folder of this name cannot be an environment. */
export function folderNameProblem(name: string): string | undefined {
  if (/^[a-z0-9]([a-z0-9-]{0,40}[a-z0-9])?$/.test(name)) return undefined;
  return `the folder's name ${JSON.stringify(name)} becomes part of object names: at most 42 lower-case letters, digits and -`;
}

interface Result {
  readonly problems: readonly Problem[];
  readonly loaded: LoadedStack | null;
}

function loadInstance(instance: Instance, source: Source, options: LoadOptions): Result {
  const problems: Problem[] = [];
  const name = stackName(source.name, instance.name);
  const addresses = { ...localAddresses, ...options.addresses };
  const local = plainPlatform(instance.root) === 'local';
  const state = local ? options.state(name) : '';
  const builtIn = local ? builtInVariables(state, addresses) : {};
  const root = substitute(instance.root, {
    lookup: lookupOf(instance.name, builtIn, options),
    missing: (variable) => missingVariable(variable, options),
    literal: secretKeys,
    report: (node, message) => problems.push(problemAt(node, source.file, [], message)),
  });
  const unfilled = new Set(problems.map(({ path }) => path));
  const report = (...found: readonly Problem[]) => problems.push(...found.filter(({ path }) => !unfilled.has(path)));
  checkEnvironment(root, (path, message) => report(problemAt(root, source.file, path, message)));
  const parsed = schema.safeParse(plain(root));
  for (const issue of parsed.error?.issues ?? []) report(...issueProblems(issue, root, source.file));
  if (!parsed.success || problems.length > 0) return { problems, loaded: null };
  const surroundings = { environment: source.name, instance: instance.name, folder: options.folder, addresses, state };
  return { problems, loaded: finish(root, source, parsed.data, surroundings) };
}

function finish(root: MapNode, source: Source, declared: Declared, surroundings: Surroundings): LoadedStack {
  const stack = resolveStack(declared, surroundings);
  return {
    stack,
    origins: stackOrigins(stack, declared, root, basename(source.file)),
    problemAt: (path, message) => problemAt(root, source.file, parsePath(path), message),
  };
}

function plainPlatform(root: MapNode): string | undefined {
  const node = root.entries.get('platform');
  return node?.kind === 'text' ? node.text : undefined;
}

/** What stands in the base is found once for each instance, and reported once. */
function distinct(problems: readonly Problem[]): Problem[] {
  const byText = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...byText.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
}
