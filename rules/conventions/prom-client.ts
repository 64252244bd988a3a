import { app, db } from '../vocabulary.ts';
import { type ApplicationSeries, type Convention, processUse, quantile, share, sum } from './convention.ts';

/**
 * Node.js with prom-client: its default process metrics, and the request histogram that its documentation and
 * express-prom-bundle use, `http_request_duration_seconds{method,route,status_code}`; beside it `http_requests_in_flight`,
 * `db_pool_connections{state}`, `db_pool_connections_max`, `db_pool_wait_seconds` and `db_query_duration_seconds`.
 */
export const promClient: Convention = {
  database: true,
  records: (series) => [...requests(series), ...routes(series), ...processUse(series), ...database(series)],
};

const failed = 'status_code=~"5.."';

function requests({ select, window }: ApplicationSeries) {
  const rate = (matchers = '') => sum(`rate(${select('http_request_duration_seconds_count', matchers)}[${window}])`);
  const latency = (fraction: number) => quantile(fraction, select('http_request_duration_seconds_bucket'), window);
  return [
    { record: app.requestRate, expr: rate() },
    { record: app.errorRatio, expr: share(rate(failed), select(app.requestRate)) },
    { record: app.latencyP50, expr: latency(0.5) },
    { record: app.latencyP95, expr: latency(0.95) },
    { record: app.latencyP99, expr: latency(0.99) },
    { record: app.inFlight, expr: sum(select('http_requests_in_flight')) },
  ];
}

function routes({ select, window }: ApplicationSeries) {
  const route = ['method', 'route'] as const;
  const rate = (matchers = '') =>
    sum(`rate(${select('http_request_duration_seconds_count', matchers)}[${window}])`, ...route);
  return [
    { record: app.routeRequestRate, expr: rate() },
    { record: app.routeErrorRatio, expr: share(rate(failed), select(app.routeRequestRate)) },
    {
      record: app.routeLatencyP95,
      expr: quantile(0.95, select('http_request_duration_seconds_bucket'), window, ...route),
    },
  ];
}

function database({ select, window }: ApplicationSeries) {
  return [
    { record: db.connectionsInUse, expr: sum(select('db_pool_connections', 'state="in_use"')) },
    { record: db.connectionsMax, expr: sum(select('db_pool_connections_max')) },
    { record: db.connectionWaitP95, expr: quantile(0.95, select('db_pool_wait_seconds_bucket'), window) },
    { record: db.queryP95, expr: quantile(0.95, select('db_query_duration_seconds_bucket'), window) },
  ];
}
