import { ProblemsError } from '../../common/problems.ts';
import { type LoadedEnvironment, type LoadedStack, type LoadOptions, loadEnvironment } from '../../stack/load.ts';
import type { Stack } from '../../stack/types.ts';

export interface Given extends Partial<Omit<LoadOptions, 'readFile'>> {
  /** Files beside `environment.yaml`, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Loads an environment that exists in memory only, in the folder `/environments/shop`. */
export function load(yaml: string, { files = {}, ...options }: Given = {}): LoadedEnvironment {
  const all: Readonly<Record<string, string>> = { 'environment.yaml': yaml, ...files };
  const folder = options.folder ?? '/environments/shop';
  return loadEnvironment({
    processEnv: {},
    state: (stack) => `/state/${stack}`,
    display: (path) => path.replace(`${folder}/`, ''),
    ...options,
    folder,
    readFile: (path) => (path.startsWith(`${folder}/`) ? all[path.slice(folder.length + 1)] : undefined),
  });
}

export function loadOne(yaml: string, given?: Given): LoadedStack {
  const [loaded] = load(yaml, given).stacks;
  if (loaded === undefined) throw new Error('the environment has no stack');
  return loaded;
}

export function stackOf(yaml: string, given?: Given): Stack {
  return loadOne(yaml, given).stack;
}

/** The problems of an environment as people read them; none when it loads. */
export function problemsOf(yaml: string, given?: Given): readonly string[] {
  try {
    load(yaml, given);
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.message.split('\n');
    throw error;
  }
}
