import type { Application, Stack } from '../../stack/types.ts';
import { applicationRecords, databaseConventions } from '../conventions/index.ts';
import { always, steps } from '../scenarios.ts';
import { count, figure, found, percent, span, value } from '../templates.ts';
import type { Alert, AlertContext, Scenario, Topic } from '../types.ts';
import { app, db } from '../vocabulary.ts';

const dashboard = 'lookout-application';
const application = { application: 'shop' };
const ofApplication = 'namespace=$namespace,application=$application';

/** Requests within the rate window below which a share or a quantile says nothing. */
const minimumRequests = 20;

const scraped = ({ metrics }: Application) => metrics !== null;
const withoutApplications = (stack: Stack) =>
  stack.applications.some(scraped) ? undefined : 'no application with a metrics endpoint is declared';
const withoutConvention = (stack: Stack) =>
  stack.applications.some((one) => scraped(one) && one.convention !== null)
    ? undefined
    : 'no application says how it names its request metrics (convention)';

const busy = ({ select, stack }: AlertContext) =>
  `and on (namespace, application) ${select(app.requestRate)} * ${stack.intervals.rateWindow} >= ${minimumRequests}`;
/** Requests per second that make so many requests within the window. */
const rateOf = ({ stack }: AlertContext, requests: number) => requests / stack.intervals.rateWindow;

const down: Alert = {
  name: 'ApplicationDown',
  severity: 'critical',
  for: 120,
  threshold: null,
  expr: ({ select, stack }) =>
    [
      `${select(app.instancesUp)} == 0`,
      ...stack.applications.filter(scraped).map(({ name }) => `absent(${select('up', `application="${name}"`)})`),
    ].join(' or '),
  summary: 'application {{ $labels.application }} down',
  detail: figure(
    `${app.instances}{${ofApplication}}`,
    `none of ${count(found)} instances answers`,
    'it has no instance at all',
  ),
  value: '',
  action: 'Look at the state and the log of the application and start it again.',
  description: 'No instance of application {{ $labels.application }} answers its scrape.',
  runbook: {
    means: 'Not one instance of the application answers. One of several that does not is the alert TargetDown.',
    steps: [
      'Does it run? `kubectl get pods`, `kubectl describe pod <pod>`, `systemctl status <unit>`: restarts, memory, a failing start.',
      'Read the end of its log: `kubectl logs --previous <pod>`.',
      'If it runs and serves, the scrape is what fails: the page of targets of Prometheus shows the error (401: the token; 404: the path; refused: the port).',
      'If it broke with a rollout, go back: `kubectl rollout undo <workload>`.',
    ],
  },
  panel: { dashboard, panel: 'Instances' },
  object: 'application',
  impossible: withoutApplications,
  scenarios: [
    {
      title: 'none of its instances answers',
      fires: [application],
      since: 300,
      series: () => [
        { metric: app.instancesUp, labels: application, values: steps([2, 300], [0, 3600]) },
        { metric: app.instances, labels: application, values: always(2) },
        { metric: 'up', labels: { ...application, job: 'shop' }, values: steps([1, 300], [0, 3600]) },
      ],
    },
    {
      title: 'it has no instance any more, while another application has',
      fires: [application],
      absent: true,
      series: () => [{ metric: 'up', labels: { application: 'other', job: 'other' }, values: always(1) }],
    },
    {
      title: 'one of its two instances answers',
      fires: [],
      series: () => [
        { metric: app.instancesUp, labels: application, values: always(1) },
        { metric: 'up', labels: { ...application, job: 'shop', instance: 'a' }, values: always(1) },
        { metric: 'up', labels: { ...application, job: 'shop', instance: 'b' }, values: always(0) },
      ],
    },
    {
      title: 'it is back within the time of a rollout',
      fires: [],
      at: 600,
      series: () => [
        { metric: app.instancesUp, labels: application, values: steps([1, 300], [0, 90], [1, 3600]) },
        { metric: 'up', labels: { ...application, job: 'shop' }, values: always(1) },
      ],
    },
  ],
};

const errors: Alert = {
  name: 'ApplicationErrors',
  severity: 'critical',
  for: 300,
  threshold: { value: 0.05, unit: 'percentunit' },
  expr: (context) => `${context.select(app.errorRatio)} > ${context.threshold} ${busy(context)}`,
  summary: 'application {{ $labels.application }} failing',
  detail: `${percent(value)} of requests answered with an error`,
  value: percent(value),
  action: 'See which route fails since when, and what was deployed then.',
  description: `Application {{ $labels.application }} answers ${percent(value)} of its requests with a server error.`,
  runbook: {
    means: 'Users get errors: a larger share of the requests than allowed was answered with a status of 5xx.',
    steps: [
      'See on the dashboard which routes fail and when it began; compare with the last rollout.',
      'Read the errors in the log: `kubectl logs <pod> --since=10m | grep -i error`.',
      'If all routes fail at once, look at what they share: database, credentials, a service behind.',
      'If it began with a rollout, go back first and search afterwards.',
    ],
  },
  panel: { dashboard, panel: 'Errors' },
  object: 'application',
  impossible: withoutConvention,
  scenarios: [
    ...guarded(app.errorRatio, 0.001),
    {
      title: 'the share was above for a second less than it must hold',
      fires: [],
      at: 300 + 300 + 15,
      series: (context) => [
        {
          metric: app.errorRatio,
          labels: application,
          values: steps([0, 300], [context.threshold + 0.001, 300], [0, 3600]),
        },
        { metric: app.requestRate, labels: application, values: always(rateOf(context, 10 * minimumRequests)) },
      ],
    },
  ],
};

const slow: Alert = {
  name: 'ApplicationSlow',
  severity: 'warning',
  for: 300,
  threshold: { value: 1, unit: 's' },
  expr: (context) => `${context.select(app.latencyP95)} > ${context.threshold} ${busy(context)}`,
  summary: 'application {{ $labels.application }} slow',
  detail: `95% of requests take up to ${span(value)}`,
  value: span(value),
  action: 'See which route is slow and whether it waits for the database.',
  description: `The slowest 5% of the requests to application {{ $labels.application }} take ${span(value)} and more.`,
  runbook: {
    means: 'Users wait: the 95th percentile of the response time is above what is allowed.',
    steps: [
      'See on the dashboard which routes are slow, and whether the requests or the connections of the database have grown with it.',
      'All routes slow: processor or memory at its limit (`kubectl top pods`), or a full connection pool (DatabasePoolExhausted).',
      'One route slow: its query or the service behind it; open a trace of it.',
    ],
  },
  panel: { dashboard, panel: 'Duration' },
  object: 'application',
  impossible: withoutConvention,
  scenarios: guarded(app.latencyP95, 0.05),
};

const pool: Alert = {
  name: 'DatabasePoolExhausted',
  severity: 'warning',
  for: 300,
  threshold: { value: 0.9, unit: 'percentunit' },
  expr: ({ select, threshold }) => `${select(db.connectionsInUse)} / (${select(db.connectionsMax)} > 0) > ${threshold}`,
  summary: 'database pool of {{ $labels.application }} exhausted',
  detail: `${percent(value)} of the connections in use`,
  value: percent(value),
  action: 'See whether queries have become slow or connections are not given back.',
  description: `Application {{ $labels.application }} uses ${percent(value)} of the database connections that it may open; further requests wait for one.`,
  runbook: {
    means: 'Nearly every connection of the pool is taken. Requests queue for one and become slow, then fail.',
    steps: [
      'See on the dashboard whether queries have become slower (then mend the query) or requests more (then the pool is too small).',
      'Look for a transaction that stays open: in PostgreSQL `select pid, state, xact_start, query from pg_stat_activity order by xact_start`.',
      'Before the pool is made larger, see how many connections the database allows in all.',
    ],
  },
  panel: { dashboard, panel: 'Database connections' },
  object: 'application',
  impossible: (stack) =>
    stack.applications.some((one) => scraped(one) && one.convention !== null && databaseConventions.has(one.convention))
      ? undefined
      : 'no application exposes its connection pool in a known convention',
  scenarios: [
    {
      title: 'a little more than the share is in use',
      fires: [application],
      since: 300,
      series: ({ threshold }) => [
        {
          metric: db.connectionsInUse,
          labels: application,
          values: steps([1, 300], [100 * threshold + 1, 3600]),
        },
        { metric: db.connectionsMax, labels: application, values: always(100) },
      ],
    },
    {
      title: 'exactly the share is in use',
      fires: [],
      series: ({ threshold }) => [
        { metric: db.connectionsInUse, labels: application, values: always(100 * threshold) },
        { metric: db.connectionsMax, labels: application, values: always(100) },
      ],
    },
    {
      title: 'the pool has no limit',
      fires: [],
      series: () => [
        { metric: db.connectionsInUse, labels: application, values: always(50) },
        { metric: db.connectionsMax, labels: application, values: always(0) },
      ],
    },
    { title: 'the application has no pool', fires: [], absent: true, series: () => [] },
  ],
};

/** Above the threshold with enough requests fires; exactly on it, or with too few requests, does not. */
function guarded(metric: string, margin: number): readonly Scenario[] {
  const requests = (context: AlertContext, number: number) => ({
    metric: app.requestRate,
    labels: application,
    values: always(rateOf(context, number)),
  });
  return [
    {
      title: 'a little above the threshold with just enough requests',
      fires: [application],
      since: 300,
      series: (context) => [
        { metric, labels: application, values: steps([0, 300], [context.threshold + margin, 3600]) },
        requests(context, minimumRequests),
      ],
    },
    {
      title: 'exactly on the threshold',
      fires: [],
      series: (context) => [
        { metric, labels: application, values: always(context.threshold) },
        requests(context, 10 * minimumRequests),
      ],
    },
    {
      title: 'far above it with too few requests to tell',
      fires: [],
      series: (context) => [
        { metric, labels: application, values: always(context.threshold * 10) },
        requests(context, minimumRequests - 1),
      ],
    },
    {
      title: 'there are no requests',
      fires: [],
      absent: true,
      series: (context) => [requests(context, 0)],
    },
  ];
}

export const applications: Topic = {
  name: 'application',
  alerts: [down, errors, slow, pool],
  records: applicationRecords,
};
