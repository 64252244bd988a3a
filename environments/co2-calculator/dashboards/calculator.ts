import * as units from '@grafana/grafana-foundation-sdk/units';
import { above, type DashboardSource, graph, over, type PanelContext, rate, series } from 'lookout/dashboards';
import { errorRatio, latencyP95 } from '../rules/calculator.ts';

/**
 * The dashboard "Application Overview" of the operations manual. It asks for active users too, for which no convention has a
 * name: that panel follows when the backend counts them.
 */
export const dashboard: DashboardSource = {
  uid: 'calculator',
  title: 'Application Overview',
  description: 'What the people who use the CO2 calculator see of it, and its connections to the database.',
  from: 'now-6h',
  variables: () => [],
  rows: [
    { title: 'Requests', panels: [requestRate, inProgress, errors, responseTime] },
    { title: 'Database', panels: [connections] },
  ],
};

const silent = 'the collector has no metrics of the backend';

function requestRate() {
  return graph(
    'Request rate',
    'Requests per second by method.',
    { unit: units.RequestsPerSecond, noValue: silent, min: 0 },
    over(
      `sum by (http_request_method) (${rate(series('http_server_request_duration_seconds_count'))})`,
      '{{http_request_method}}',
    ),
  );
}

function inProgress() {
  return graph(
    'Requests in progress',
    'Requests that are being answered. Without more visitors it rises when answers become slow.',
    { unit: units.Short, noValue: silent, min: 0 },
    over(`sum(${series('http_server_active_requests')})`, 'in progress'),
  );
}

function errors({ limit }: PanelContext) {
  return graph(
    'Error rate',
    'Share of the requests that end with an error of the server; the line is the limit of the alert.',
    { unit: units.PercentUnit, noValue: silent, min: 0, steps: above(limit('CalculatorErrors')) },
    over(series(errorRatio), 'errors'),
  );
}

function responseTime({ limit }: PanelContext) {
  return graph(
    'Response time',
    'Nineteen of twenty requests are answered within this time; the line is the limit of the alert.',
    { unit: units.Seconds, noValue: silent, min: 0, steps: above(limit('CalculatorSlow')) },
    over(series(latencyP95), '95th percentile'),
  );
}

function connections() {
  return graph(
    'Database connections',
    'Connections of the pools by state: when none is idle, requests wait for one.',
    { unit: units.Short, noValue: 'the backend does not count its connections', min: 0 },
    over(
      `sum by (db_client_connection_state) (${series('db_client_connection_count')})`,
      '{{db_client_connection_state}}',
    ),
  );
}
