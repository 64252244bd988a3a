import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What the shop tells of itself at `/prometheus`, in the names that prom-client's users commonly choose. */
export interface ShopMetrics {
  readonly registry: Registry;
  readonly requestDuration: Histogram<'method' | 'route' | 'status_code'>;
  readonly requestsInFlight: Gauge;
  readonly poolWait: Histogram;
  readonly queryDuration: Histogram<'operation'>;
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Gauges whose names end in `_total`, which promtool refuses; the same figures stand in the families without it. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

export function createMetrics(): ShopMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  return {
    registry,
    requestDuration: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'How long requests took, by the route that answered them.',
      labelNames: ['method', 'route', 'status_code'],
      buckets: seconds,
      registers,
    }),
    requestsInFlight: new Gauge({ name: 'http_requests_in_flight', help: 'Requests being served.', registers }),
    poolWait: new Histogram({
      name: 'db_pool_wait_seconds',
      help: 'How long requests waited for a database connection.',
      buckets: [0.001, ...seconds],
      registers,
    }),
    queryDuration: new Histogram({
      name: 'db_query_duration_seconds',
      help: 'How long database queries took, by what they were for.',
      labelNames: ['operation'],
      buckets: [0.001, ...seconds],
      registers,
    }),
  };
}

/** The state of a pool, read from it at each scrape. */
export function exposePool(
  registry: Registry,
  pool: { readonly inUse: number; readonly idle: number; readonly max: number },
): void {
  new Gauge({
    name: 'db_pool_connections',
    help: 'Database connections, by state.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.set({ state: 'in_use' }, pool.inUse);
      this.set({ state: 'idle' }, pool.idle);
    },
  });
  new Gauge({
    name: 'db_pool_connections_max',
    help: 'Most database connections that the shop opens.',
    registers: [registry],
    collect() {
      this.set(pool.max);
    },
  });
}
