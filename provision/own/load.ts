import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { z } from 'zod';
import { type Problem, ProblemsError } from '../../common/problems.ts';
import type { DashboardSource } from '../../dashboards/types.ts';
import type { Topic } from '../../rules/types.ts';
import { type OwnFile, type OwnFiles, type SourceFile, sourceFiles } from './files.ts';
import { problemIn, thrownIn } from './place.ts';

/**
 * Reads the dashboards and rules in the folder of an environment: each file of `dashboards/` exports `dashboard`, each of
 * `rules/` exports `topic`. It runs the user's code, as a build tool does.
 * @throws ProblemsError with everything that cannot be loaded or has another shape, each at its file and line.
 */
export async function loadOwn(folder: string, display: (path: string) => string): Promise<OwnFiles> {
  const dashboards = sourceFiles(join(folder, 'dashboards'), display);
  const topics = sourceFiles(join(folder, 'rules'), display);
  if (dashboards.length + topics.length === 0) return { dashboards: [], topics: [] };
  // What checks shapes and resolves names takes time to load, and most environments have no files of their own.
  const [{ resolveOurs }, { dashboardShape, topicShape }] = await Promise.all([
    import('./hook.ts'),
    import('./shape.ts'),
  ]);
  const problems: Problem[] = [];
  const hook = resolveOurs();
  try {
    const loaded = {
      dashboards: await each<DashboardSource>(dashboards, 'dashboard', dashboardShape, problems),
      topics: await each<Topic>(topics, 'topic', topicShape, problems),
    };
    if (problems.length > 0) throw new ProblemsError(problems);
    return loaded;
  } finally {
    hook.deregister();
  }
}

async function each<Value>(
  sources: readonly SourceFile[],
  name: string,
  shape: z.ZodType,
  problems: Problem[],
): Promise<readonly OwnFile<Value>[]> {
  const files: OwnFile<Value>[] = [];
  for (const source of sources) {
    const exported = await exportOf(source, name, problems);
    if (exported === undefined) continue;
    const { error } = shape.safeParse(exported);
    for (const { path, message } of error?.issues ?? [])
      problems.push(problemIn(source, nameAt(exported, path), [name, ...path].join('.'), message));
    if (error === undefined) files.push({ ...source, value: exported as Value });
  }
  return files;
}

async function exportOf(source: SourceFile, name: string, problems: Problem[]): Promise<unknown> {
  try {
    const exports = (await import(pathToFileURL(source.path).href)) as Readonly<Record<string, unknown>>;
    if (exports[name] === undefined)
      problems.push(
        problemIn(
          source,
          null,
          '',
          `exports no "${name}" (it exports ${Object.keys(exports).join(', ') || 'nothing'})`,
        ),
      );
    return exports[name];
  } catch (error) {
    problems.push((await syntaxProblem(source)) ?? thrownIn(source, error, '', 'cannot be loaded'));
    return undefined;
  }
}

/** Node does not tell every mistake of syntax with its place; the bundler does. */
async function syntaxProblem(source: SourceFile): Promise<Problem | undefined> {
  const { transform } = await import('esbuild');
  const found = await transform(source.text, { loader: 'ts', logLevel: 'silent' }).then(
    () => undefined,
    (failure: { readonly errors?: readonly { text: string; location: { line: number } | null }[] }) =>
      failure.errors?.[0],
  );
  if (found === undefined) return undefined;
  return {
    file: source.file,
    line: found.location?.line ?? null,
    path: '',
    message: `cannot be loaded: ${found.text}`,
  };
}

/** The name of the innermost thing around a path that has one: its line says where to look. */
function nameAt(value: unknown, path: readonly PropertyKey[]): string | null {
  let [found, current]: [string | null, unknown] = [null, value];
  for (const key of [...path, '']) {
    if (typeof current !== 'object' || current === null) break;
    const { name, uid, title } = current as Readonly<Record<string, unknown>>;
    const named = [name, uid, title].find((text) => typeof text === 'string');
    if (typeof named === 'string') found = named;
    current = (current as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return found;
}
