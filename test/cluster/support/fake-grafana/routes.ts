import type { Database } from './database.ts';
import type { Dashboard, DataSource } from './provisioning.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Call {
  /** The parts of the path that the route names `:`. */
  readonly at: readonly string[];
  readonly query: URLSearchParams;
  /** The user who has logged in; null: anonymous. */
  readonly user: string | null;
  readonly body: unknown;
}

export interface World {
  readonly database: Database;
  readonly dashboards: () => readonly Dashboard[];
  readonly dataSources: () => readonly DataSource[];
  /** Reads the data sources' files again. */
  readonly reload: () => void;
}

export interface Route {
  readonly method: string;
  readonly path: string;
  /** Who may call it. */
  readonly needs: 'nobody' | 'viewer' | 'admin';
  readonly answer: (call: Call, world: World) => Answer | Promise<Answer>;
}

const api = 'https://grafana.com/docs/grafana/latest/developers/http_api';

/** The calls of Grafana's HTTP API that Lookout makes, each with the page that describes it. */
export const routes: readonly (Route & { readonly source: string })[] = [
  {
    source: `${api}/other/#returns-health-information-about-grafana`,
    method: 'GET',
    path: '/api/health',
    needs: 'nobody',
    answer: () => ok({ commit: 'fake', database: 'ok', version: 'fake-grafana' }),
  },
  {
    source: `${api}/user/#actual-user`,
    method: 'GET',
    path: '/api/user',
    needs: 'admin',
    answer: ({ user }) => ok({ id: 1, login: user, isGrafanaAdmin: true, orgId: 1 }),
  },
  {
    source: `${api}/user/#change-password`,
    method: 'PUT',
    path: '/api/user/password',
    needs: 'admin',
    answer: changePassword,
  },
  {
    source: `${api}/data_source/#get-all-data-sources`,
    method: 'GET',
    path: '/api/datasources',
    needs: 'admin',
    answer: (_call, { dataSources }) => ok(dataSources().map(shown)),
  },
  {
    source: `${api}/data_source/#get-a-single-data-source-by-uid`,
    method: 'GET',
    path: '/api/datasources/uid/:',
    needs: 'admin',
    answer: ({ at: [uid] }, { dataSources }) => {
      const found = dataSources().find((each) => each.uid === uid);
      return found === undefined ? failed(404, 'Data source not found') : ok(shown(found));
    },
  },
  {
    source: `${api}/data_source/#check-data-source-health`,
    method: 'GET',
    path: '/api/datasources/uid/:/health',
    needs: 'admin',
    answer: dataSourceHealth,
  },
  {
    source: `${api}/dashboard/#get-dashboard-by-uid`,
    method: 'GET',
    path: '/api/dashboards/uid/:',
    needs: 'viewer',
    answer: ({ at: [uid] }, { dashboards }) => {
      const found = dashboards().find((each) => each.uid === uid);
      return found === undefined ? failed(404, 'Dashboard not found') : ok(withMeta(found));
    },
  },
  {
    source: `${api}/folder_dashboard_search/`,
    method: 'GET',
    path: '/api/search',
    needs: 'viewer',
    answer: ({ query }, { dashboards }) => ok(search(query, dashboards())),
  },
  {
    source: `${api}/admin/#reload-provisioning-configurations`,
    method: 'POST',
    path: '/api/admin/provisioning/datasources/reload',
    needs: 'admin',
    answer: (_call, { reload }) => {
      reload();
      return ok({ message: 'Datasources config reloaded' });
    },
  },
];

function changePassword({ user, body }: Call, { database }: World): Answer {
  const { oldPassword, newPassword } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (user === null || typeof oldPassword !== 'string' || !database.isPassword(user, oldPassword))
    return failed(401, 'invalid old password');
  if (typeof newPassword !== 'string' || newPassword.length < 4) return failed(400, 'New password is too short');
  database.setPassword(user, newPassword);
  return ok({ message: 'User password changed' });
}

/** Asks the data source something, with the credentials that it was provisioned with. */
async function dataSourceHealth({ at: [uid] }: Call, { dataSources }: World): Promise<Answer> {
  const found = dataSources().find((each) => each.uid === uid);
  if (found === undefined) return failed(404, 'Data source not found');
  const { url, basicAuth, basicAuthUser = '', secureJsonData } = found;
  const secret = Buffer.from(`${basicAuthUser}:${secureJsonData?.['basicAuthPassword'] ?? ''}`).toString('base64');
  const headers: Record<string, string> = basicAuth === true ? { authorization: `Basic ${secret}` } : {};
  try {
    const response = await fetch(`${url}/api/v1/query?query=1%2B1`, { headers, signal: AbortSignal.timeout(10_000) });
    if (response.ok) return ok({ message: 'Successfully queried the Prometheus API.', status: 'OK' });
    return { status: 400, body: { message: `${response.status} returned from Prometheus`, status: 'ERROR' } };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return { status: 400, body: { message: cause, status: 'ERROR' } };
  }
}

function shown({ secureJsonData, ...rest }: DataSource) {
  const secureJsonFields = Object.fromEntries(Object.keys(secureJsonData ?? {}).map((key) => [key, true]));
  return { ...rest, readOnly: true, secureJsonFields };
}

/** A stored dashboard has an id and a version of Grafana's own. */
function withMeta({ json, folderTitle, folderUid, uid }: Dashboard) {
  const meta = { type: 'db', provisioned: true, folderTitle, folderUid, url: `/d/${uid}`, canSave: false };
  return { dashboard: { ...json, id: 1, version: 1 }, meta };
}

function search(query: URLSearchParams, dashboards: readonly Dashboard[]) {
  const words = (query.get('query') ?? '').toLowerCase();
  return dashboards
    .filter(({ title }) => title.toLowerCase().includes(words))
    .map(({ uid, title, folderTitle, folderUid }) => ({
      uid,
      title,
      folderTitle,
      folderUid,
      type: 'dash-db',
      url: `/d/${uid}`,
    }));
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

export function failed(status: number, message: string): Answer {
  return { status, body: { message } };
}
