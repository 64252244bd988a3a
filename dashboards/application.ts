import * as units from '@grafana/grafana-foundation-sdk/units';
import { databaseConventions } from '../rules/conventions/index.ts';
import { app, db } from '../rules/vocabulary.ts';
import type { Application, Stack } from '../stack/types.ts';
import { graph, problems, stat } from './kit/panels.ts';
import { now, over } from './kit/queries.ts';
import { series } from './kit/selectors.ts';
import { above, goodFrom } from './kit/thresholds.ts';
import { chosen, noRequests, of, quantile, selected } from './panels/application-series.ts';
import { routeDuration, routeErrors, routeRequests } from './panels/routes.ts';
import { builtIn, watchdog } from './programs.ts';
import type { DashboardSource, PanelContext } from './types.ts';

export const application: DashboardSource = {
  uid: 'lookout-application',
  title: 'Application overview',
  description:
    'Whether the application serves: how many requests, how many fail, how long they take, and what it uses.',
  from: 'now-6h',
  variables: (stack) => [chosen.variable(first(stack)?.name ?? '')],
  impossible: (stack) =>
    stack.applications.some(scraped) ? undefined : 'no application with a metrics endpoint is declared',
  rows: [
    { title: 'Is it up?', panels: [answering, firing, instances] },
    {
      title: 'Requests',
      panels: [requestsNow, errorsNow, durationNow, inFlightNow, requests, errors, duration],
      impossible: withoutConvention,
    },
    { title: 'By route', panels: [routeRequests, routeErrors, routeDuration], impossible: withoutConvention },
    { title: 'Database', panels: [connections, databaseDuration], impossible: withoutDatabase },
    { title: 'Process', panels: [memory, cpu], impossible: withoutConvention },
  ],
};

function scraped({ metrics }: Application): boolean {
  return metrics !== null;
}

const told = (one: Application) => scraped(one) && one.convention !== null;

/** The application that is shown first: one of which there is something to show. */
function first({ applications }: Stack) {
  return applications.find(told) ?? applications.find(scraped);
}

function withoutConvention({ applications }: Stack) {
  return applications.some(told) ? undefined : 'no application says how it names its request metrics (convention)';
}

function withoutDatabase({ applications }: Stack) {
  return applications.some((one) => scraped(one) && one.convention !== null && databaseConventions.has(one.convention))
    ? undefined
    : 'no convention of an application tells of database connections';
}

function answering() {
  return stat(
    'Instances answering',
    'Share of the declared instances that answer their scrape.',
    { unit: units.PercentUnit, noValue: 'no instance is known', decimals: 0, steps: goodFrom(1) },
    now(`${of(app.instancesUp)} / ${of(app.instances)}`, 'answering'),
  );
}

function firing() {
  return problems(
    'Alerts firing',
    'Alerts about this application. Stack health says which.',
    'no alert was ever evaluated',
    `${series(builtIn.alerts, { ...selected, alertstate: 'firing' })} or 0 * ${watchdog}`,
  );
}

function instances() {
  return graph(
    'Instances',
    'Instances that answer their scrape, and those that are declared.',
    { unit: units.Short, noValue: 'no instance is known', decimals: 0, min: 0, size: [16, 4] },
    over(of(app.instancesUp), 'answering'),
    over(of(app.instances), 'declared'),
  );
}

function requestsNow() {
  return stat(
    'Request rate',
    'Requests per second. None at a busy time means that nobody gets through.',
    { unit: units.RequestsPerSecond, noValue: noRequests, size: [6, 4] },
    now(of(app.requestRate), 'requests'),
  );
}

function errorsNow({ limit }: PanelContext) {
  return stat(
    'Error ratio',
    'Share of the requests that the application answered with a server error.',
    {
      unit: units.PercentUnit,
      noValue: noRequests,
      decimals: 1,
      size: [6, 4],
      steps: above(limit('ApplicationErrors')),
    },
    now(of(app.errorRatio), 'errors'),
  );
}

function durationNow({ limit }: PanelContext) {
  return stat(
    'Slowest twentieth',
    'One request in twenty takes longer than this.',
    { unit: units.Seconds, noValue: noRequests, size: [6, 4], steps: above(limit('ApplicationSlow')) },
    now(quantile(app.latencyP95), '95 %'),
  );
}

function inFlightNow() {
  return stat(
    'In flight',
    'Requests being served now. A number that grows and does not fall is a jam.',
    { unit: units.Short, noValue: 'not told by the application', decimals: 0, size: [6, 4] },
    now(of(app.inFlight), 'in flight'),
  );
}

function requests() {
  return graph(
    'Requests',
    'Requests per second of all routes and instances together.',
    { unit: units.RequestsPerSecond, noValue: noRequests, min: 0, size: [8, 8] },
    over(of(app.requestRate), 'requests'),
  );
}

function errors({ limit }: PanelContext) {
  return graph(
    'Errors',
    'Share of the requests answered with a server error; the line is the limit of the alert.',
    { unit: units.PercentUnit, noValue: noRequests, min: 0, size: [8, 8], steps: above(limit('ApplicationErrors')) },
    over(of(app.errorRatio), 'errors'),
  );
}

function duration({ limit }: PanelContext) {
  return graph(
    'Duration',
    'How long requests take; the line is the limit of the alert for the 95th percentile.',
    { unit: units.Seconds, noValue: noRequests, min: 0, size: [8, 8], steps: above(limit('ApplicationSlow')) },
    over(quantile(app.latencyP99), '99 %'),
    over(quantile(app.latencyP95), '95 %'),
    over(quantile(app.latencyP50), '50 %'),
  );
}

function connections({ limit }: PanelContext) {
  return graph(
    'Database connections',
    'Connections of the pool in use. When all are, requests wait for one, and everything is slow at once.',
    { unit: units.Short, noValue: 'not told by the application', decimals: 0, min: 0 },
    over(of(db.connectionsInUse), 'in use'),
    over(`${limit('DatabasePoolExhausted').value} * ${of(db.connectionsMax)}`, 'alert above'),
    over(of(db.connectionsMax), 'most'),
  );
}

function databaseDuration() {
  return graph(
    'Database waits and queries',
    '95th percentile of the wait for a connection and of the queries. Waits without slow queries: the pool is too small.',
    { unit: units.Seconds, noValue: 'no queries', min: 0 },
    over(quantile(db.connectionWaitP95), 'wait for a connection'),
    over(quantile(db.queryP95), 'query'),
  );
}

function memory() {
  return graph(
    'Memory',
    'Resident memory of all instances together. A saw tooth that rises from peak to peak is a leak.',
    { unit: units.BytesIEC, noValue: 'not told by the application', min: 0 },
    over(of(app.memory), 'resident'),
  );
}

function cpu() {
  return graph(
    'CPU',
    'Processor seconds per second of all instances together: 1 is one core.',
    { unit: units.Short, noValue: 'not told by the application', min: 0 },
    over(of(app.cpu), 'cores'),
  );
}
