import { type Alert, always, grows, percent, type RuleContext, span, steps, type Topic, value } from 'lookout/rules';

/**
 * The alerts on requests from the operations manual: error rate above 5 % for 5 minutes, and slow answers, above 1 s at the
 * 95th percentile. The backend has no metrics endpoint; the OpenTelemetry collector has its metrics, by the names of the
 * semantic conventions: `http.server.request.duration` with `http.response.status_code`.
 */
const requests = 'http_server_request_duration_seconds_count';
const buckets = 'http_server_request_duration_seconds_bucket';
export const errorRatio = 'calculator:http_request_errors:ratio_rate5m';
export const latencyP95 = 'calculator:http_request_duration_seconds:p95_5m';

const rateOf = ({ select, window }: RuleContext, matchers = '') =>
  `sum by (namespace) (rate(${select(requests, matchers)}[${window}]))`;

const dashboard = 'calculator';
const test = 'Ask for it from inside: `oc exec deploy/backend -- curl -s localhost:8000/health`.';

const errors: Alert = {
  name: 'CalculatorErrors',
  severity: 'critical',
  for: 300,
  threshold: { value: 0.05, unit: 'percentunit' },
  expr: ({ select, threshold }) => `${select(errorRatio)} > ${threshold}`,
  summary: 'CO2 calculator answers with errors',
  detail: `${percent(value)} of all requests`,
  value: percent(value),
  action: 'Read the log of the backend, and undo the last rollout if it began with one.',
  description: `The backend answers ${percent(value)} of its requests with a server error.`,
  runbook: {
    means: 'A part of what people ask the calculator ends with an error of the server, 500 to 599.',
    steps: [
      'Read the log: `oc logs deploy/backend --since=15m | grep -i error`.',
      'Is it the database? `oc exec deploy/backend -- python -c "import os, psycopg; psycopg.connect(os.environ[\'DB_URL\'])"`.',
      'If it began with a rollout, go back: `oc rollout undo deploy/backend`.',
    ],
  },
  panel: { dashboard, panel: 'Error rate' },
  object: 'namespace',
  scenarios: [
    {
      title: 'a little more than one in twenty fails',
      fires: [{}],
      since: 15,
      series: ({ threshold }) => [
        {
          metric: requests,
          labels: { http_response_status_code: '200' },
          values: grows(10_000 - threshold * 10_000 - 10),
        },
        { metric: requests, labels: { http_response_status_code: '503' }, values: grows(threshold * 10_000 + 10) },
      ],
    },
    {
      title: 'exactly one in twenty fails',
      fires: [],
      series: ({ threshold }) => [{ metric: errorRatio, labels: {}, values: always(threshold) }],
    },
    {
      title: 'nothing fails',
      fires: [],
      series: () => [{ metric: requests, labels: { http_response_status_code: '200' }, values: grows(100) }],
    },
    { title: 'the collector has no metrics of the backend', fires: [], absent: true, series: () => [] },
  ],
};

const slow: Alert = {
  name: 'CalculatorSlow',
  severity: 'warning',
  for: 300,
  threshold: { value: 1, unit: 's' },
  expr: ({ select, threshold }) => `${select(latencyP95)} > ${threshold}`,
  summary: 'CO2 calculator is slow',
  detail: `95% of the requests within ${span(value)}`,
  value: span(value),
  action: 'See whether the database or the number of replicas is the limit.',
  description: `One request in twenty takes longer than ${span(value)}.`,
  runbook: {
    means: 'People wait for the calculator: the slowest twentieth of all requests takes longer than the limit.',
    steps: [
      test,
      'Are there enough replicas? `oc get hpa backend-hpa`: at its maximum it cannot help any more.',
      'Are all connections to the database in use? The dashboard shows them.',
    ],
  },
  panel: { dashboard, panel: 'Response time' },
  object: 'namespace',
  scenarios: [
    {
      title: 'it becomes slower than the limit',
      fires: [{}],
      since: 300,
      series: ({ threshold }) => [
        { metric: latencyP95, labels: {}, values: steps([0.2, 300], [threshold + 0.01, 3600]) },
      ],
    },
    {
      title: 'it takes exactly as long as it may',
      fires: [],
      series: ({ threshold }) => [{ metric: latencyP95, labels: {}, values: always(threshold) }],
    },
    { title: 'the collector has no metrics of the backend', fires: [], absent: true, series: () => [] },
  ],
};

export const topic: Topic = {
  name: 'calculator',
  alerts: [errors, slow],
  records: (context) => [
    {
      record: errorRatio,
      expr: `(${rateOf(context, 'http_response_status_code=~"5.."')} or 0 * ${rateOf(context)}) / (${rateOf(context)} > 0)`,
    },
    {
      record: latencyP95,
      expr: `histogram_quantile(0.95, sum by (namespace, le) (rate(${context.select(buckets)}[${context.window}])))`,
    },
  ],
};
