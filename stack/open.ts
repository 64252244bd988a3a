import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { UserError } from '../common/problems.ts';
import { type LoadedEnvironment, type LoadOptions, loadEnvironment } from './load.ts';
import { suggestion } from './nearest.ts';

export interface OpenOptions extends Omit<LoadOptions, 'folder' | 'envFile' | 'processEnv' | 'readFile' | 'display'> {
  /** A name below `environments/`, or a path to a folder or to its `environment.yaml`. */
  readonly name: string;
  /** Root of the checkout or installation. */
  readonly root: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path as the user wrote it. */
  readonly envFile?: string | undefined;
}

/**
 * Finds an environment and loads it from the file system.
 * @throws UserError when there is none of this name; ProblemsError with everything that is wrong in it.
 */
export function openEnvironment({ name, root, cwd, env, envFile, ...options }: OpenOptions): LoadedEnvironment {
  return loadEnvironment({
    ...options,
    folder: findEnvironment(name, { root, cwd }),
    envFile: envFile === undefined ? undefined : resolve(cwd, envFile),
    processEnv: env,
    readFile: readIfThere,
    display: (path) => displayPath(path, cwd),
  });
}

/** Absolute path of the folder of an environment. */
export function findEnvironment(name: string, { root, cwd }: { readonly root: string; readonly cwd: string }): string {
  const places = [join(root, 'environments', name), resolve(cwd, name)];
  const isPath = /[/\\]|^\.|\.yaml$/.test(name);
  const candidates = isPath ? places.slice(1) : places;
  for (const candidate of candidates) {
    const folder = basename(candidate) === 'environment.yaml' ? dirname(candidate) : candidate;
    if (isFile(join(folder, 'environment.yaml'))) return folder;
  }
  if (isPath) throw new UserError(`no environment at ${name}: there is no ${join(name, 'environment.yaml')}`);
  const names = environmentNames(root);
  throw new UserError(
    `no environment ${name}${suggestion(name, names)} (there are ${names.join(', ')}; or give a path)`,
  );
}

/** Names of the environments below `environments/`, sorted. */
export function environmentNames(root: string): readonly string[] {
  const folder = join(root, 'environments');
  return readdirSync(folder)
    .filter((name) => isFile(join(folder, name, 'environment.yaml')))
    .sort();
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw new UserError(`cannot read ${path}`, { cause: error });
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** A path as it is shown to whoever works in `cwd`: relative to it when it lies below. */
export function displayPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return below.startsWith('..') || isAbsolute(below) ? path : below;
}
