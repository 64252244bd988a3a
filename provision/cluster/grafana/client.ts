import { basic } from '../../checks/service.ts';

/** Grafana's HTTP API as one user. */
export interface Grafana {
  /** Base URL, with Grafana's sub-path and without trailing slash. */
  readonly base: string;
  readonly user: string;
  readonly password: string;
}

const patience = 10_000;

/** One call; rejects when Grafana does not answer within ten seconds. */
export async function ask(
  { base, user, password }: Grafana,
  path: string,
  { method = 'GET', body }: { readonly method?: string; readonly body?: unknown } = {},
): Promise<Response> {
  const headers = { authorization: basic(user, password), 'content-type': 'application/json' };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  try {
    return await fetch(`${base}${path}`, { method, headers, ...content, signal: AbortSignal.timeout(patience) });
  } catch (cause) {
    throw new Error(`Grafana does not answer at ${base}`, { cause });
  }
}

/** Whether Grafana takes the password. Source: Grafana HTTP API, "Actual user". */
export async function accepts(grafana: Grafana): Promise<boolean> {
  const response = await ask(grafana, '/api/user');
  await response.body?.cancel();
  if (response.ok || response.status === 401) return response.ok;
  throw new Error(`Grafana answered ${response.status} to a login`);
}

/** Changes the user's own password. Source: Grafana HTTP API, "Change Password". */
export async function changePassword(grafana: Grafana, next: string): Promise<void> {
  const body = { oldPassword: grafana.password, newPassword: next, confirmNew: next };
  const response = await ask(grafana, '/api/user/password', { method: 'PUT', body });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Grafana answered ${response.status} to the change of its password`);
}

/**
 * Has Grafana read its data sources' files again, passwords included. Source: Grafana HTTP API, "Reload provisioning
 * configurations".
 */
export async function reloadDataSources(grafana: Grafana): Promise<void> {
  const response = await ask(grafana, '/api/admin/provisioning/datasources/reload', { method: 'POST' });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`Grafana answered ${response.status} to reading its data sources again`);
}

/** Whether Grafana reaches a data source with the credentials that it has. Source: Grafana HTTP API, "Check data source health". */
export async function dataSourceHealth(
  grafana: Grafana,
  uid: string,
): Promise<{ readonly ok: boolean; readonly message: string }> {
  const response = await ask(grafana, `/api/datasources/uid/${encodeURIComponent(uid)}/health`);
  const { message = '', status = '' } = (await response.json()) as { message?: string; status?: string };
  return { ok: response.ok && status === 'OK', message: `${message} (HTTP ${response.status})` };
}
