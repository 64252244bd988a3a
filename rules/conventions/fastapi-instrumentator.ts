import { app } from '../vocabulary.ts';
import { type ApplicationSeries, type Convention, identity, processUse, quantile, share, sum } from './convention.ts';

/**
 * FastAPI with prometheus-fastapi-instrumentator and its default metrics: `http_requests_total{handler,method,status}`
 * (status grouped, `5xx`, or not, `503`), `http_request_duration_seconds{handler,method}` with few buckets, and
 * `http_request_duration_highr_seconds` with many and no labels. The library counts the scrapes of its own page as requests
 * too: they are left out where a label tells them.
 */
export const fastapiInstrumentator: Convention = {
  database: false,
  records: (series) => [...requests(series), ...routes(series), ...processUse(series)],
};

const failed = 'status=~"5.."';

function requests(series: ApplicationSeries) {
  const { select, window } = series;
  const latency = (fraction: number) =>
    quantile(fraction, select('http_request_duration_highr_seconds_bucket'), window);
  return [
    { record: app.requestRate, expr: sum(requestRate(series, visits(series))) },
    {
      record: app.errorRatio,
      expr: share(sum(requestRate(series, visits(series), failed)), select(app.requestRate)),
    },
    { record: app.latencyP50, expr: latency(0.5) },
    { record: app.latencyP95, expr: latency(0.95) },
    { record: app.latencyP99, expr: latency(0.99) },
    { record: app.inFlight, expr: sum(select('http_requests_inprogress')) },
  ];
}

function routes(series: ApplicationSeries) {
  const { select, window } = series;
  const route = ['method', 'handler'] as const;
  const buckets = select('http_request_duration_seconds_bucket', visits(series));
  return [
    { record: app.routeRequestRate, expr: byRoute(sum(requestRate(series, visits(series)), ...route)) },
    {
      record: app.routeErrorRatio,
      expr: share(byRoute(sum(requestRate(series, failed), ...route)), select(app.routeRequestRate)),
    },
    { record: app.routeLatencyP95, expr: byRoute(quantile(0.95, buckets, window, ...route)) },
  ];
}

function requestRate({ select, window }: ApplicationSeries, ...matchers: readonly string[]): string {
  return `rate(${select('http_requests_total', matchers.join(','))}[${window}])`;
}

function visits({ metricsPath }: ApplicationSeries): string {
  return `handler!="${metricsPath}"`;
}

/** The label `handler` under the vocabulary's name. */
function byRoute(expression: string): string {
  return `max by (${identity}, method, route) (label_replace(${expression}, "route", "$1", "handler", "(.*)"))`;
}
