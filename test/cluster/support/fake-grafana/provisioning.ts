import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { expand } from './settings.ts';

/** A data source as a provisioning file declares it. Source: Grafana documentation, "Provision Grafana", data sources. */
export interface DataSource {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
  readonly url: string;
  readonly access: string;
  readonly isDefault?: boolean;
  readonly basicAuth?: boolean;
  readonly basicAuthUser?: string;
  readonly jsonData?: Readonly<Record<string, unknown>>;
  readonly secureJsonData?: Readonly<Record<string, string>>;
}

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly folderTitle: string;
  readonly folderUid: string;
  readonly json: Readonly<Record<string, unknown>>;
}

interface Provider {
  readonly folder?: string;
  readonly folderUid?: string;
  readonly options: { readonly path: string };
}

export interface Places {
  readonly directory: string;
  readonly provisioning: string;
}

/** Secrets named by `$__file{path}` are read now: Grafana stores their values until it is told to provision again. */
export function readDataSources({ directory, provisioning }: Places): readonly DataSource[] {
  return yamlFiles(join(provisioning, 'datasources')).flatMap(
    (text) => (parse(expand(text, directory)) as { datasources?: readonly DataSource[] }).datasources ?? [],
  );
}

/** What the providers' directories hold; a refused file is told and left out, as Grafana does. */
export function readDashboards(
  { directory, provisioning }: Places,
  refuse: (line: string) => void,
): readonly Dashboard[] {
  const providers = yamlFiles(join(provisioning, 'dashboards')).flatMap(
    (text) => (parse(expand(text, directory)) as { providers?: readonly Provider[] }).providers ?? [],
  );
  return providers.flatMap((provider) =>
    jsonFiles(resolve(directory, provider.options.path)).flatMap(({ path, content }) => {
      const json = JSON.parse(content) as Readonly<Record<string, unknown>>;
      const reason = refusal(json);
      if (reason === undefined) return [asDashboard(json, provider)];
      refuse(`failed to load dashboard from ${path}: ${reason}`);
      return [];
    }),
  );
}

function asDashboard(json: Readonly<Record<string, unknown>>, { folder, folderUid }: Provider): Dashboard {
  return {
    uid: String(json['uid']),
    title: String(json['title']),
    folderTitle: folder ?? 'General',
    folderUid: folderUid ?? '',
    json,
  };
}

/** Source: Grafana documentation, "Dashboard JSON model" and "Create/Update dashboard"; provisioning by file reads v1 only. */
function refusal(json: Readonly<Record<string, unknown>>): string | undefined {
  if ('apiVersion' in json || 'spec' in json || 'elements' in json)
    return 'a v2 dashboard cannot be provisioned by file';
  const { uid, title } = json;
  if (typeof title !== 'string' || title === '') return 'Dashboard title cannot be empty';
  if (typeof uid !== 'string') return 'a dashboard of ours must have a uid';
  if (uid.length > 40) return 'uid too long, max 40 characters';
  return /^[a-zA-Z0-9_-]+$/.test(uid) ? undefined : 'uid contains illegal characters';
}

function yamlFiles(directory: string): readonly string[] {
  return filesIn(directory, /\.ya?ml$/).map(({ content }) => content);
}

function jsonFiles(directory: string) {
  return filesIn(directory, /\.json$/);
}

/** A mounted ConfigMap also has entries whose names begin with `..`. */
function filesIn(directory: string, pattern: RegExp): readonly { readonly path: string; readonly content: string }[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => pattern.test(name) && !name.startsWith('..'))
    .sort()
    .map((name) => ({ path: join(directory, name), content: readFileSync(join(directory, name), 'utf8') }));
}
