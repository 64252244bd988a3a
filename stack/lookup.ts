import { basename, join } from 'node:path';
import { ProblemsError } from '../common/problems.ts';
import { type Lookup, readVariables, type Variable } from './variables.ts';

/** Where the files of an environment are and where its variables come from. */
export interface VariableFiles {
  /** Absolute path of the folder that holds `environment.yaml`. */
  readonly folder: string;
  /** Another file of variables than the `.env` and `.env.<instance>` in the folder; absolute path. */
  readonly envFile?: string | undefined;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  /** Text of a file; undefined when it does not exist. */
  readonly readFile: (path: string) => string | undefined;
  /** How messages name a file, by default as its path is given. */
  readonly display?: ((path: string) => string) | undefined;
}

/** Built-in variables, then the `.env` of the instance, the `.env`, and the process environment. */
export function lookupOf(
  instance: string | null,
  builtIn: Readonly<Record<string, string>>,
  options: VariableFiles,
): Lookup {
  const { folder, envFile, processEnv } = options;
  const names = instance === null ? ['.env'] : [`.env.${instance}`, '.env'];
  const paths = envFile === undefined ? names.map((name) => join(folder, name)) : [envFile];
  const files = paths.map((path) => variablesOf(path, options));
  return (name) => {
    const own = builtIn[name];
    if (own !== undefined) return { value: own, source: 'built-in' };
    const file = files.find((variables) => variables.has(name))?.get(name);
    const outside = processEnv[name];
    return file ?? (outside === undefined ? undefined : { value: outside, source: 'process environment' });
  };
}

/** What to do about a variable that nothing sets. */
export function missingVariable(name: string, { folder, envFile, readFile, display }: VariableFiles): string {
  const file = display?.(envFile ?? join(folder, '.env')) ?? '.env';
  const example = readFile(join(folder, '.env.example'))?.includes(`${name}=`) === true && envFile === undefined;
  const hint = example ? `; .env.example beside it shows how` : '';
  return `the variable ${name} is not set; write ${name}=... in ${file}, or set it in the process environment${hint}`;
}

function variablesOf(path: string, { readFile, envFile, display }: VariableFiles): ReadonlyMap<string, Variable> {
  const text = readFile(path);
  if (text !== undefined)
    return readVariables(text, envFile === undefined ? basename(path) : (display?.(path) ?? path));
  if (envFile === undefined) return new Map();
  throw new ProblemsError([
    { file: display?.(path) ?? path, line: null, path: '', message: 'no such file of variables' },
  ]);
}
