import * as units from '@grafana/grafana-foundation-sdk/units';
import { app } from '../../rules/vocabulary.ts';
import { graph, stacked } from '../kit/panels.ts';
import { over } from '../kit/queries.ts';
import { noRequests, of, quantile } from './application-series.ts';

const route = '{{method}} {{route}}';

export function routeRequests() {
  return stacked(
    'Requests by route',
    'Which route the requests ask for.',
    { unit: units.RequestsPerSecond, noValue: noRequests, min: 0, size: [8, 8] },
    over(of(app.routeRequestRate), route),
  );
}

export function routeErrors() {
  return graph(
    'Errors by route',
    'Share of the requests of each route that failed: one route points at its code, all of them at what they share.',
    { unit: units.PercentUnit, noValue: noRequests, min: 0, size: [8, 8] },
    over(of(app.routeErrorRatio), route),
  );
}

export function routeDuration() {
  return graph(
    'Duration by route',
    '95th percentile of each route.',
    { unit: units.Seconds, noValue: noRequests, min: 0, size: [8, 8] },
    over(quantile(app.routeLatencyP95), route),
  );
}
