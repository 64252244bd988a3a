import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** What Grafana is told by its environment. Source: Grafana documentation, "Configure Grafana" and "Configure a Grafana Docker image". */
export interface Settings {
  readonly port: number;
  /** Path below which it serves, without trailing slash; empty at the root of its host. */
  readonly subPath: string;
  /** The directory that it runs in: what relative paths in provisioning files are resolved against. */
  readonly directory: string;
  readonly data: string;
  readonly provisioning: string;
  readonly user: string;
  /** Of the first user; counts only while there is no database. */
  readonly password: string;
  readonly anonymous: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads `GF_<SECTION>_<KEY>`, also as `GF_<SECTION>_<KEY>__FILE` and with `$__file{path}` in its value. */
export function readSettings(env: Environment, directory: string): Settings {
  const value = (key: string, fallback: string) => settingOf(env, key) ?? fallback;
  const flag = (key: string) => value(key, 'false') === 'true';
  const root = new URL(value('GF_SERVER_ROOT_URL', 'http://localhost:3000/').replace(/%\(\w+\)s/g, 'x'));
  return {
    port: Number(value('GF_SERVER_HTTP_PORT', '3000')),
    subPath: flag('GF_SERVER_SERVE_FROM_SUB_PATH') ? root.pathname.replace(/\/$/, '') : '',
    directory,
    data: resolve(directory, value('GF_PATHS_DATA', '/var/lib/grafana')),
    provisioning: resolve(directory, value('GF_PATHS_PROVISIONING', '/etc/grafana/provisioning')),
    user: value('GF_SECURITY_ADMIN_USER', 'admin'),
    password: value('GF_SECURITY_ADMIN_PASSWORD', 'admin'),
    anonymous: flag('GF_AUTH_ANONYMOUS_ENABLED'),
  };
}

function settingOf(env: Environment, key: string): string | undefined {
  const file = env[`${key}__FILE`];
  if (file !== undefined) return readFileSync(file, 'utf8').trimEnd();
  const value = env[key];
  return value === undefined ? undefined : expand(value, '/');
}

/** Puts a file's content for `$__file{path}`. Source: Grafana documentation, "Variable expansion". */
export function expand(text: string, directory: string): string {
  return text.replace(/\$__file\{([^}]+)\}/g, (_found, path: string) =>
    readFileSync(resolve(directory, path), 'utf8').trimEnd(),
  );
}
