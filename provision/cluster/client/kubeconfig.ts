import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { UserError } from '../../../common/problems.ts';

/** One context with the cluster and the user that it names. File names in it are absolute. */
export interface Context {
  readonly name: string;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
}

/** Source: Kubernetes documentation, kubeconfig (v1), Cluster. */
export interface ClusterEntry {
  readonly server: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
  readonly 'proxy-url'?: string;
}

/** Source: Kubernetes documentation, kubeconfig (v1), AuthInfo. */
export interface UserEntry {
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly as?: string;
  readonly exec?: object;
  readonly 'auth-provider'?: object;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Exactly the named context, from the files of KUBECONFIG, else `~/.kube/config`. Of a name that several files hold the first
 * counts, as with kubectl.
 * @throws UserError when there is no file, a file is not a kubeconfig, or none has the context.
 */
export function readContext(name: string, env: Environment): Context {
  const files = kubeConfigFiles(env);
  const read = files.map(readFile);
  const found = read.flatMap(({ contexts }) => contexts).find((one) => one.name === name)?.context;
  if (found === undefined) throw new UserError(noSuchContext(name, files, contextNames(env)));
  const cluster = read.flatMap(({ clusters }) => clusters).find((one) => one.name === found.cluster)?.cluster;
  if (cluster === undefined)
    throw new UserError(`context ${name} names the cluster ${found.cluster}, which ${files.join(', ')} does not hold`);
  const user = read.flatMap(({ users }) => users).find((one) => one.name === found.user)?.user;
  return { name, cluster, user: user ?? {} };
}

/** Names of the contexts that there are, for the error that asks for one. */
export function contextNames(env: Environment): readonly string[] {
  return [...new Set(kubeConfigFiles(env).flatMap((file) => readFile(file).contexts.map(({ name }) => name)))];
}

/** The same context as client-node has it. It is loaded only where it is needed: that takes a third of a second. */
export async function asKubeConfig({ name, cluster, user }: Context): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  const { tokenFile } = user;
  const entry = tokenFile === undefined ? user : { ...user, token: readFileSync(tokenFile, 'utf8').trim() };
  config.loadFromString(
    JSON.stringify({
      clusters: [{ name, cluster }],
      users: [{ name, user: entry }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      'current-context': name,
    }),
  );
  return config;
}

interface KubeConfigFile {
  readonly clusters: readonly { readonly name: string; readonly cluster: ClusterEntry }[];
  readonly users: readonly { readonly name: string; readonly user?: UserEntry }[];
  readonly contexts: readonly {
    readonly name: string;
    readonly context?: { readonly cluster: string; readonly user?: string };
  }[];
}

function kubeConfigFiles(env: Environment): readonly string[] {
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  const files = named.length > 0 ? named : [join(env['HOME'] ?? '', '.kube/config')];
  const there = files.filter((file) => existsSync(file));
  if (there.length > 0) return there;
  throw new UserError(
    `there is no kubeconfig at ${files.join(', ')}: set KUBECONFIG to the file that holds the context`,
  );
}

function readFile(file: string): KubeConfigFile {
  try {
    const { clusters, users, contexts } = parse(readFileSync(file, 'utf8')) as Partial<KubeConfigFile>;
    const folder = resolve(dirname(file));
    return {
      clusters: (clusters ?? []).map(({ name, cluster }) => ({ name, cluster: absolute(cluster, folder) })),
      users: (users ?? []).map(({ name, user = {} }) => ({ name, user: absolute(user, folder) })),
      contexts: contexts ?? [],
    };
  } catch (cause) {
    throw new UserError(`could not read ${file} as a kubeconfig`, { cause });
  }
}

const fileKeys: readonly string[] = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/** File names are relative to the kubeconfig that holds them. */
function absolute<Entry extends ClusterEntry | UserEntry>(entry: Entry, folder: string): Entry {
  const paths = Object.entries(entry)
    .filter(([key, value]) => fileKeys.includes(key) && typeof value === 'string' && !isAbsolute(value))
    .map(([key, value]) => [key, join(folder, String(value))]);
  return { ...entry, ...Object.fromEntries(paths) };
}

function noSuchContext(context: string, files: readonly string[], names: readonly string[]): string {
  const choice = names.length === 0 ? 'it holds none' : `there are ${names.join(', ')}`;
  return `${files.join(', ')} has no context ${context}: ${choice}`;
}
