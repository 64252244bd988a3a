import { dirname, isAbsolute, posix, resolve as resolvePath } from 'node:path';
import { type ClusterSettings, claimDirectory, type Mount, type Stack } from './types.ts';

/** A path as the environment names it: absolute or relative to the folder of the environment, in a claim to its root. */
interface Place {
  readonly path?: string | undefined;
  readonly claim?: string | undefined;
}

/** The absolute path of a place, as the exporter sees it. */
export type Locate = (place: Place) => string;

export function locator(folder: string): Locate {
  return ({ path = '.', claim }) => {
    if (claim !== undefined) return posix.join(claimDirectory(claim), path).replace(/\/$/, '');
    return isAbsolute(path) ? path : resolvePath(folder, path);
  };
}

export type Watched = Pick<Stack, 'backups' | 'volumes' | 'certificates'>;

/** What the role `node` mounts to read everything that is declared by a path. */
export function mounts(
  { backups, volumes, certificates }: Watched,
  { localPath }: Pick<ClusterSettings, 'localPath'>,
): readonly Mount[] {
  const unmounted = volumes.some(({ directory }) => directory === null);
  const hosts = [
    ...[...backups, ...volumes].flatMap(({ claim, directory }) => (claim === null ? (directory ?? []) : [])),
    ...certificates.files.flatMap(({ claim, path }) => (claim === null ? certificateDirectory(path) : [])),
    ...certificates.endpoints.flatMap(({ authority }) => (authority === null ? [] : dirname(authority))),
    ...(unmounted && localPath !== null ? [localPath] : []),
  ];
  const claims = [
    ...[...backups, ...volumes].flatMap(({ claim, directory }) => (directory === null ? [] : (claim ?? []))),
    ...certificates.files.flatMap(({ claim }) => claim ?? []),
  ];
  return [
    ...outermost(hosts).map((path): Mount => ({ kind: 'host', path })),
    ...distinct(claims).map((claim): Mount => ({ kind: 'claim', claim, path: claimDirectory(claim) })),
  ];
}

/**
 * A file is mounted by its directory: a mounted file would stay the one that it was when it is replaced. The links in
 * Certbot's `live/` lead to `archive/` beside it.
 */
function certificateDirectory(path: string): string {
  const [, certbot] = /^(\/.+)\/live\/[^/]+\/[^/]+$/.exec(path) ?? [];
  return certbot ?? dirname(path);
}

function outermost(paths: readonly string[]): readonly string[] {
  const all = distinct(paths.map((path) => posix.resolve(path)));
  return all.filter((path) => !all.some((other) => other !== path && path.startsWith(posix.join(other, '/'))));
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
