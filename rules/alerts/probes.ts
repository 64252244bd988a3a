import { probeJob, type Stack } from '../../stack/types.ts';
import { always, hold, steps } from '../scenarios.ts';
import { figure, found, latest, span, value } from '../templates.ts';
import type { Alert, InputSeries, Topic } from '../types.ts';

/** Metrics of the blackbox exporter, as 0.19 and later have them. */
export const probeMetrics = {
  success: 'probe_success',
  duration: 'probe_duration_seconds',
  /** 0 where nothing answered in HTTP. */
  status: 'probe_http_status_code',
  /** By `phase`: resolve, connect, tls, processing, transfer. */
  phases: 'probe_http_duration_seconds',
} as const;

const dashboard = 'lookout-probes';
const probe = { probe: 'shop-login' };

const withoutProbes = ({ probes }: Stack) => (probes.length === 0 ? 'no probe is declared' : undefined);

const series = (metric: string, values: string): InputSeries => ({
  metric,
  labels: { job: probeJob, instance: 'https://shop.example.com/login', ...probe },
  values,
});

const failing: Alert = {
  name: 'ProbeFailing',
  severity: 'critical',
  for: 120,
  threshold: null,
  expr: ({ recent }) => `max by (namespace, probe) (${recent(probeMetrics.success)}) == 0`,
  summary: 'probe {{ $labels.probe }} failing',
  detail: figure(
    `${latest({ name: probeMetrics.status }, 'probe=$probe')} > 0`,
    `answers with status {{ ${found} }}`,
    'no answer',
  ),
  value: '',
  action: 'Ask it yourself from inside the cluster, and see which of its parts does not answer.',
  description:
    '{{ $labels.probe }} does not answer as declared when it is asked from inside the cluster: its users are likely turned away too.',
  runbook: {
    means:
      'The page or server was asked again and again and gave no answer, an error, another page than expected, or a certificate that does not verify.',
    steps: [
      'Ask it from inside the cluster: `kubectl run -it --rm ask --image=docker.io/curlimages/curl --restart=Never -- curl -sv <url>`.',
      'What the blackbox exporter saw: `kubectl port-forward service/lookout-blackbox-exporter 9115`, then `http://127.0.0.1:9115/probe?target=<url>&module=<probe>&debug=true`.',
      'No answer at all: see whether the workload is ready, the Service has endpoints (`kubectl get endpoints`), and no NetworkPolicy keeps pods of this namespace out.',
      'Status 401 or 403: a proxy asks for a login; declare a page that does not, or `status`. Status 301 or 302: see where it sends to.',
      'A page outside the cluster: see whether its name is resolved there and the network allows the way out.',
    ],
  },
  panel: { dashboard, panel: 'Answers' },
  object: 'probe',
  impossible: withoutProbes,
  scenarios: [
    {
      title: 'the page answers with an error',
      fires: [probe],
      since: 300,
      series: () => [
        series(probeMetrics.success, steps([1, 300], [0, 3600])),
        series(probeMetrics.status, steps([200, 300], [503, 3600])),
      ],
    },
    {
      title: 'one of two Prometheus replicas could not ask, the other got an answer',
      fires: [],
      series: () => [
        series(probeMetrics.success, always(1)),
        { ...series(probeMetrics.success, always(0)), labels: { ...series('', '').labels, instance: 'other' } },
      ],
    },
    { title: 'the page answers', fires: [], series: () => [series(probeMetrics.success, always(1))] },
    { title: 'nothing was asked yet', fires: [], absent: true, series: () => [] },
  ],
};

const slow: Alert = {
  name: 'ProbeSlow',
  severity: 'warning',
  for: 300,
  threshold: { value: 2, unit: 's' },
  expr: ({ select, window, threshold }) =>
    `max by (namespace, probe) (avg_over_time(${select(probeMetrics.duration)}[${window}])) > ${threshold} and on (namespace, probe) max by (namespace, probe) (${select(probeMetrics.success)}) == 1`,
  summary: 'probe {{ $labels.probe }} slow',
  detail: `${span(value)} on average`,
  value: span(value),
  action: 'See which phase takes the time, and what the program behind it waits for.',
  description: `{{ $labels.probe }} answers, but takes ${span(value)} on average.`,
  runbook: {
    means: 'The page or server answers as declared, only late: its users wait as long.',
    steps: [
      'The panel "Where the time goes" tells resolving, connecting, TLS, processing and transfer apart.',
      'Processing: what the program waits for (its database, another service, the processor): its own dashboard tells.',
      'Resolving or connecting: the DNS of the cluster, or the network.',
    ],
  },
  panel: { dashboard, panel: 'Time to answer' },
  object: 'probe',
  impossible: withoutProbes,
  scenarios: [
    {
      title: 'it answers a little too late',
      fires: [probe],
      since: 315,
      series: ({ threshold }) => [
        series(probeMetrics.success, always(1)),
        series(probeMetrics.duration, steps([threshold, 315], [threshold + 0.5, 3600])),
      ],
    },
    {
      title: 'it answers just in time',
      fires: [],
      series: ({ threshold }) => [
        series(probeMetrics.success, always(1)),
        series(probeMetrics.duration, always(threshold)),
      ],
    },
    {
      title: 'it fails late, which is another alert',
      fires: [],
      at: 1200,
      series: ({ threshold }) => [
        series(probeMetrics.success, always(0)),
        series(probeMetrics.duration, always(threshold + 1)),
      ],
    },
    { title: 'nothing was asked yet', fires: [], absent: true, series: () => [] },
  ],
};

const job = { job: probeJob };

const proberDown: Alert = {
  name: 'ProberDown',
  severity: 'critical',
  for: 120,
  threshold: null,
  expr: ({ select }) => {
    const up = select('up', `job="${probeJob}"`);
    return `max by (namespace, job) (${up}) == 0 or absent(${up})`;
  },
  summary: 'blackbox exporter down',
  detail: 'no probe is asked',
  value: '',
  action: 'See why its pod does not run: kubectl get pods, then kubectl describe.',
  description: 'Prometheus gets no answer from the blackbox exporter: as long as that lasts nobody asks the probes.',
  runbook: {
    means:
      'The blackbox exporter does not answer: it is not running, or its address has changed. What it asks may be well.',
    steps: [
      'See whether it is there: `kubectl get pods -l app.kubernetes.io/name=blackbox-exporter`, then `kubectl describe` and `kubectl logs`.',
      'One that was there already: see whether `components.blackbox` is still its address.',
      'Flavour operator: a selector of the Prometheus object must take the Probes; `lookout verify <environment>` tells.',
    ],
  },
  panel: { dashboard: 'lookout-stack', panel: 'Targets' },
  object: 'job',
  impossible: withoutProbes,
  scenarios: [
    {
      title: 'its scrapes fail',
      fires: [job],
      since: 300,
      series: () => [series('up', steps([1, 300], [0, 3600]))],
    },
    {
      title: 'its probes are no targets any more, while others are',
      fires: [job],
      absent: true,
      series: () => [{ metric: 'up', labels: { job: 'shop', instance: 'b' }, values: hold(1, 7200) }],
    },
    {
      title: 'it answers, and another target does not',
      fires: [],
      series: () => [
        series('up', always(1)),
        { metric: 'up', labels: { job: 'shop', instance: 'b' }, values: always(0) },
      ],
    },
  ],
};

/** What its users would see of the application. */
export const probes: Topic = { name: 'probes', alerts: [failing, slow, proberDown] };
