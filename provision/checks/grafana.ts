import { parse } from 'yaml';
import type { OutputFile, Stack } from '../../stack/types.ts';
import { loginTry } from './authentication.ts';
import type { Check, CheckContext, Finding } from './check.ts';
import { json, type Service } from './service.ts';

/** Why Grafana is not looked at; undefined when it is ours. */
function elsewhere({ cluster }: Stack): string | undefined {
  if (cluster === null) return 'there is no Grafana on one machine';
  const { kind } = cluster.components.grafana;
  return kind === 'install' ? undefined : 'Grafana is not installed by Lookout, which cannot log in to it';
}

export const grafanaAuthentication: Check = {
  name: 'grafana-authentication',
  title: 'Grafana refuses everybody and the default password, and accepts ours',
  impossible: elsewhere,
  run: async (context) => {
    const grafana = grafanaOf(context);
    const none = await loginTry(grafana, path, 'none');
    const ours = await loginTry(grafana, path, 'ours');
    return [none, ours.ok && isFirstUser(context) ? oneIsEnough : await loginTry(grafana, path, 'default'), ours];
  },
};

/** What everybody sees where anonymous access is on. Source: Grafana HTTP API, "Folder/dashboard search". */
const path = '/api/search?limit=1';

/** A user has one password, so ours shows that no other is taken; trying one counts towards the lockout of that user. */
const oneIsEnough: Finding = {
  ok: true,
  subject: 'Grafana with admin/admin',
  evidence: 'not tried: the password of admin is ours, and five failures would lock admin out',
};

function isFirstUser({ stack }: CheckContext): boolean {
  return stack.cluster?.grafana.user === 'admin';
}

export const grafanaDataSources: Check = {
  name: 'grafana-datasources',
  title: 'Grafana reaches every data source',
  impossible: elsewhere,
  run: async (context) => {
    const grafana = grafanaOf(context);
    const sources = await json<readonly DataSource[]>(grafana, '/api/datasources');
    const built = builtSources(context.outputs).filter(({ uid }) => !sources.some((one) => one.uid === uid));
    return [
      ...built.map(({ name }) => ({ ok: false, subject: `data source ${name}`, evidence: 'Grafana does not have it' })),
      ...(await Promise.all(sources.map(({ uid, name }) => health(grafana, uid, name)))),
    ];
  },
};

interface DataSource {
  readonly uid: string;
  readonly name: string;
}

function builtSources(outputs: readonly OutputFile[]): readonly DataSource[] {
  const file = outputs.find(({ path }) => path === 'grafana/provisioning/datasources/lookout.yaml');
  if (file === undefined) return [];
  return (parse(file.content) as { readonly datasources: readonly DataSource[] }).datasources;
}

/** Source: Grafana HTTP API, "Check data source health". */
async function health(grafana: Service, uid: string, name: string): Promise<Finding> {
  const subject = `data source ${name}`;
  const response = await grafana.request(`/api/datasources/uid/${encodeURIComponent(uid)}/health`).catch(timedOut);
  if (response === undefined)
    return { ok: false, subject, evidence: 'Grafana still waits for its answer: is the way there open?' };
  const { status = '', message = '' } = (await response.json()) as { status?: string; message?: string };
  const ok = response.ok && status === 'OK';
  return { ok, subject, evidence: `${message} (HTTP ${response.status})` };
}

/** Grafana, which has just answered, waits for a silent data source longer than we for Grafana. */
function timedOut(error: unknown): undefined {
  if (!(error instanceof Error && error.cause instanceof Error && error.cause.name === 'TimeoutError')) throw error;
}

export const grafanaDashboards: Check = {
  name: 'grafana-dashboards',
  title: 'Grafana has every built dashboard, as it was built',
  impossible: elsewhere,
  run: async (context) => {
    const grafana = grafanaOf(context);
    const files = context.outputs.filter(({ path }) => path.startsWith('grafana/dashboards/'));
    return Promise.all(files.map((file) => compare(grafana, file)));
  },
};

interface DashboardJson {
  readonly uid: string;
  readonly title: string;
}

/** Source: Grafana HTTP API, "Get dashboard by uid". */
async function compare(grafana: Service, { content }: OutputFile): Promise<Finding> {
  const built = JSON.parse(content) as DashboardJson;
  const subject = `dashboard ${built.title}`;
  const response = await grafana.request(`/api/dashboards/uid/${built.uid}`);
  if (response.status === 404) return { ok: false, subject, evidence: `Grafana has no dashboard ${built.uid}` };
  if (!response.ok) return { ok: false, subject, evidence: `Grafana answered ${response.status}` };
  const { dashboard } = (await response.json()) as { dashboard: object };
  const differing = differences(built, dashboard);
  return differing.length === 0
    ? { ok: true, subject, evidence: 'as it was built' }
    : { ok: false, subject, evidence: `another than was built: ${differing.slice(0, 5).join(', ')} differ` };
}

/** Grafana numbers what it stores. */
const ownFields: readonly string[] = ['id', 'version'];

/** Names of the fields at the top whose content is not the same. */
function differences(built: object, stored: object): readonly string[] {
  const one = new Map(Object.entries(built));
  const other = new Map(Object.entries(stored));
  return [...new Set([...one.keys(), ...other.keys()])].filter(
    (key) => !ownFields.includes(key) && canonical(one.get(key)) !== canonical(other.get(key)),
  );
}

/** JSON with sorted keys: Go and JavaScript write them in different orders. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function grafanaOf({ grafana }: CheckContext): Service {
  if (grafana === null) throw new Error('no way to Grafana was given');
  return grafana;
}
