import { app } from '../vocabulary.ts';
import { type ApplicationSeries, type Convention, identity, processUse, quantile, share, sum } from './convention.ts';

/**
 * FastAPI with prometheus-fastapi-instrumentator and its default metrics: `http_requests_total{handler,method,status}`
 * (status grouped, `5xx`, or not, `503`), `http_request_duration_seconds{handler,method}` with few buckets, and
 * `http_request_duration_highr_seconds` with many and no labels.
 */
export const fastapiInstrumentator: Convention = {
  database: false,
  records: (series) => [...requests(series), ...routes(series), ...processUse(series)],
};

const failed = 'status=~"5.."';

function requests({ select, window }: ApplicationSeries) {
  const rate = (matchers = '') => sum(`rate(${select('http_requests_total', matchers)}[${window}])`);
  const latency = (fraction: number) =>
    quantile(fraction, select('http_request_duration_highr_seconds_bucket'), window);
  return [
    { record: app.requestRate, expr: rate() },
    { record: app.errorRatio, expr: share(rate(failed), rate()) },
    { record: app.latencyP50, expr: latency(0.5) },
    { record: app.latencyP95, expr: latency(0.95) },
    { record: app.latencyP99, expr: latency(0.99) },
    { record: app.inFlight, expr: sum(select('http_requests_inprogress')) },
  ];
}

function routes({ select, window }: ApplicationSeries) {
  const route = ['method', 'handler'] as const;
  const rate = (matchers = '') => sum(`rate(${select('http_requests_total', matchers)}[${window}])`, ...route);
  const buckets = select('http_request_duration_seconds_bucket');
  return [
    { record: app.routeRequestRate, expr: byRoute(rate()) },
    { record: app.routeErrorRatio, expr: byRoute(share(rate(failed), rate())) },
    { record: app.routeLatencyP95, expr: byRoute(quantile(0.95, buckets, window, ...route)) },
  ];
}

/** The label `handler` under the vocabulary's name. */
function byRoute(expression: string): string {
  return `max by (${identity}, method, route) (label_replace(${expression}, "route", "$1", "handler", "(.*)"))`;
}
