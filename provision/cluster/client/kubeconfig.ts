import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { UserError } from '../../../common/problems.ts';

/**
 * The kubeconfig with exactly this context as its current one: the files of KUBECONFIG, else `~/.kube/config`. Of a name that
 * several files hold the first counts, as with kubectl.
 * @throws UserError when there is no file, a file is not a kubeconfig, or none has the context.
 */
export function readKubeConfig(context: string, env: Readonly<Record<string, string | undefined>>): KubeConfig {
  const files = kubeConfigFiles(env);
  const read = files.map(readFile);
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: firstOfName(read.flatMap((one) => one.getClusters())),
    users: firstOfName(read.flatMap((one) => one.getUsers())),
    contexts: firstOfName(read.flatMap((one) => one.getContexts())),
    currentContext: context,
  });
  const names = config.getContexts().map(({ name }) => name);
  if (!names.includes(context)) throw new UserError(noSuchContext(context, files, names));
  if (config.getCurrentCluster() === null)
    throw new UserError(`context ${context} names a cluster that ${files.join(', ')} does not hold`);
  return config;
}

/** Names of the contexts that there are, for the error that asks for one. */
export function contextNames(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  return [
    ...new Set(
      kubeConfigFiles(env).flatMap((file) =>
        readFile(file)
          .getContexts()
          .map(({ name }) => name),
      ),
    ),
  ];
}

function kubeConfigFiles(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  const files = named.length > 0 ? named : [join(env['HOME'] ?? '', '.kube/config')];
  const there = files.filter((file) => existsSync(file));
  if (there.length > 0) return there;
  throw new UserError(
    `there is no kubeconfig at ${files.join(', ')}: set KUBECONFIG to the file that holds the context`,
  );
}

function readFile(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (cause) {
    throw new UserError(`could not read ${file} as a kubeconfig`, { cause });
  }
  return config;
}

function firstOfName<Named extends { readonly name: string }>(all: readonly Named[]): Named[] {
  return [...new Map(all.toReversed().map((one) => [one.name, one])).values()].toReversed();
}

function noSuchContext(context: string, files: readonly string[], names: readonly string[]): string {
  const choice = names.length === 0 ? 'it holds none' : `there are ${names.join(', ')}`;
  return `${files.join(', ')} has no context ${context}: ${choice}`;
}
