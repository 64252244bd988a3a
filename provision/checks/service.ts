/**
 * How a request introduces itself: with our credentials, with none, with a user and password (or token) that every
 * attacker tries first, or with a wrong one.
 */
export type Access = 'ours' | 'none' | 'default';

/** One HTTP service of the stack, reached on loopback or through a port-forward. */
export interface Service {
  readonly title: string;
  /** Rejects, naming the service, when it does not answer within ten seconds. */
  readonly request: (path: string, options?: RequestOptions) => Promise<Response>;
}

export interface RequestOptions {
  readonly access?: Access;
  readonly method?: string;
  readonly body?: unknown;
}

/** The value of the Authorization header per access; `ours` is read at each request, so that a rotation is seen. */
export interface Authorizations {
  readonly ours: () => string | undefined;
  readonly default: string;
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

export const basicDefault = basic('admin', 'admin');
export const bearerDefault = 'Bearer admin';

/** Sends a request: the platform's own `fetch`, or one that trusts an authority of its own. */
export type Fetch = (
  url: string,
  options: {
    readonly method?: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

/** @param base URL below which it answers, without trailing slash; one that has to be opened first is opened at the first request. */
export function httpService(
  title: string,
  base: string | (() => Promise<string>),
  authorizations: Authorizations,
  send: Fetch = fetch,
): Service {
  return {
    title,
    request: async (path, { access = 'ours', method = 'GET', body } = {}) => {
      const authorization =
        access === 'none' ? undefined : access === 'ours' ? authorizations.ours() : authorizations.default;
      const headers: Record<string, string> = { ...(authorization === undefined ? {} : { authorization }) };
      if (body !== undefined) headers['content-type'] = 'application/json';
      const payload = body === undefined ? {} : { body: JSON.stringify(body) };
      const address = typeof base === 'string' ? base : await base();
      try {
        return await send(`${address}${path}`, { method, headers, ...payload, signal: AbortSignal.timeout(10_000) });
      } catch (cause) {
        throw new Error(`${title} does not answer at ${address}`, { cause });
      }
    },
  };
}

/** The `data` of a Prometheus API answer. Source: Prometheus documentation, "HTTP API". */
export async function prometheusData<Data>(prometheus: Service, path: string): Promise<Data> {
  const response = await prometheus.request(path);
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${prometheus.title} answered ${response.status} to ${path}: ${text.slice(0, 300)}`);
  const { status, data, error } = JSON.parse(text) as { status: string; data: Data; error?: string };
  if (status !== 'success') throw new Error(`${prometheus.title}: ${error ?? status}`);
  return data;
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  /** Unix seconds and the value as text. */
  readonly value: readonly [number, string];
}

/** An instant query for a vector. */
export async function query(prometheus: Service, expr: string): Promise<readonly Sample[]> {
  const { result } = await prometheusData<{ result: readonly Sample[] }>(
    prometheus,
    `/api/v1/query?query=${encodeURIComponent(expr)}`,
  );
  return result;
}

export async function json<Body>(service: Service, path: string): Promise<Body> {
  const response = await service.request(path);
  if (!response.ok) throw new Error(`${service.title} answered ${response.status} to ${path}`);
  return (await response.json()) as Body;
}
