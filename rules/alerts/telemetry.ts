import { type Stack, telemetryJobs } from '../../stack/types.ts';
import { always, hold, steps } from '../scenarios.ts';
import { value } from '../templates.ts';
import type { Alert, RecordingRule, RuleContext, Scenario, Topic } from '../types.ts';
import { telemetry } from '../vocabulary.ts';

const dashboard = 'lookout-telemetry';

/**
 * What a collector says of itself; Jaeger 2 is one. Source: OpenTelemetry collector, "Internal telemetry", with the type's
 * suffix. A metric of one signal has its unit in the name.
 */
export const telemetryMetrics = {
  accepted: 'otelcol_receiver_accepted',
  refused: 'otelcol_receiver_refused',
  sendFailed: 'otelcol_exporter_send_failed',
  enqueueFailed: 'otelcol_exporter_enqueue_failed',
  queueSize: 'otelcol_exporter_queue_size',
  queueCapacity: 'otelcol_exporter_queue_capacity',
  memory: 'otelcol_process_memory_rss_bytes',
} as const;
/** Each signal with what it consists of, and the programs that take it. */
const signals = [
  ['traces', 'spans', [telemetryJobs.collector, telemetryJobs.jaeger]],
  ['metrics', 'metric_points', [telemetryJobs.collector]],
] as const;
const installs = ({ cluster }: Stack, component: 'otelCollector' | 'jaeger') =>
  cluster?.components[component].kind === 'install';
const withoutCollector = (stack: Stack) =>
  installs(stack, 'otelCollector') ? undefined : 'no OpenTelemetry collector is installed (components.otelCollector)';
const withoutJaeger = (stack: Stack) =>
  installs(stack, 'jaeger') ? undefined : 'no Jaeger is installed (components.jaeger)';
const withoutEither = (stack: Stack) =>
  withoutCollector(stack) === undefined || withoutJaeger(stack) === undefined
    ? undefined
    : 'no OpenTelemetry collector and no Jaeger is installed';

/** Items per second of each signal, whichever of the metrics counts them: what was never counted is 0, not absent. */
function perSecond({ select, window }: RuleContext, record: string, ...metrics: readonly string[]): RecordingRule {
  const ofSignal = ([signal, items, programs]: (typeof signals)[number]) => {
    const job = `job=~"${programs.join('|')}"`;
    const rates = metrics.map((metric) => `rate(${select(`${metric}_${items}_total`, job)}[${window}])`);
    const counted = `sum by (namespace, job) (${rates.length === 1 ? rates[0] : either(rates)})`;
    const none = `0 * sum by (namespace, job) (${select('up', job)})`;
    return `label_replace(${counted} or ${none}, "signal", "${signal}", "", "")`;
  };
  return { record, expr: signals.map(ofSignal).join(' or ') };
}

/** Rates of different metrics side by side: without a label of their own one would hide the other. */
function either(rates: readonly string[]): string {
  return rates.map((rate, index) => `label_replace(${rate}, "metric", "${index}", "", "")`).join(' or ');
}

const records = (context: RuleContext): readonly RecordingRule[] => {
  if (withoutEither(context.stack) !== undefined) return [];
  const { accepted, refused, sendFailed, enqueueFailed } = telemetryMetrics;
  return [
    perSecond(context, telemetry.accepted, accepted),
    perSecond(context, telemetry.refused, refused),
    perSecond(context, telemetry.lost, sendFailed, enqueueFailed),
  ];
};

function down(name: string, job: string, program: string, effect: string, missing: Alert['impossible']): Alert {
  const labels = { job };
  return {
    name,
    severity: 'warning',
    for: 120,
    threshold: null,
    expr: ({ select }) => {
      const up = select('up', `job="${job}"`);
      return `max by (namespace, job) (${up}) == 0 or absent(${up})`;
    },
    summary: `${program} down`,
    detail: effect,
    value: '',
    action: 'See why its pod does not run: kubectl get pods, then kubectl describe.',
    description: `Prometheus gets no answer from ${program}: as long as that lasts, ${effect}.`,
    runbook: {
      means: `The pod of ${program} is not running, or Prometheus does not get through to it. Applications go on working; what they send meanwhile is lost when their own queues are full.`,
      steps: [
        `See whether it is there: \`kubectl get pods -l app.kubernetes.io/name=${job.replace('lookout-', '')}\`, then \`kubectl describe\` and \`kubectl logs --previous\`.`,
        'Ended for its memory (OOMKilled): more is sent than its limit allows; sample traces at the sender, or send less.',
        'It ends with an error about its configuration: build and apply again, and read the error.',
      ],
    },
    panel: { dashboard, panel: 'Programs down' },
    object: 'job',
    ...(missing === undefined ? {} : { impossible: missing }),
    scenarios: [
      {
        title: 'its scrapes fail',
        fires: [labels],
        since: 300,
        series: () => [{ metric: 'up', labels, values: steps([1, 300], [0, 3600]) }],
      },
      {
        title: 'it is no target any more, while others are',
        fires: [labels],
        absent: true,
        series: () => [{ metric: 'up', labels: { job: 'shop' }, values: hold(1, 7200) }],
      },
      {
        title: 'it answers, and another target does not',
        fires: [],
        series: () => [
          { metric: 'up', labels, values: always(1) },
          { metric: 'up', labels: { job: 'shop' }, values: always(0) },
        ],
      },
    ],
  };
}

const collectorDown = down(
  'OtelCollectorDown',
  telemetryJobs.collector,
  'the OpenTelemetry collector',
  'no metrics and no traces of applications arrive',
  withoutCollector,
);
const jaegerDown = down('JaegerDown', telemetryJobs.jaeger, 'Jaeger', 'no trace is stored or shown', withoutJaeger);

const rate = `{{ ${value} | printf "%.3g" }} per second`;

/** More than the limit fires with the labels, exactly the limit does not. */
function rateScenarios(metric: string): readonly Scenario[] {
  const labels = { job: telemetryJobs.collector, signal: 'traces' };
  return [
    {
      title: 'it begins to happen',
      fires: [labels],
      since: 300,
      series: ({ threshold }) => [{ metric, labels, values: steps([threshold, 300], [threshold + 0.01, 3600]) }],
    },
    {
      title: 'it does not happen',
      fires: [],
      series: ({ threshold }) => [{ metric, labels, values: always(threshold) }],
    },
    { title: 'nothing tells of it', fires: [], absent: true, series: () => [] },
  ];
}

const refused: Alert = {
  name: 'TelemetryRefused',
  severity: 'warning',
  for: 300,
  threshold: { value: 0, unit: 'short' },
  expr: ({ select, threshold }) => `${select(telemetry.refused)} > ${threshold}`,
  summary: '{{ $labels.signal }} refused by {{ $labels.job }}',
  detail: rate,
  value: rate,
  action: 'See whether it is short of memory, and who sends so much.',
  description: `{{ $labels.job }} refuses ${rate} of the {{ $labels.signal }} that are sent to it; senders try again, and then give up.`,
  runbook: {
    means:
      'The memory limiter refuses what comes in, or the next stage does not take it. Senders keep it for a short time and then lose it: gaps in metrics, traces without some of their spans.',
    steps: [
      'Compare its memory with its limit: the dashboard, `kubectl top pod`, and `memory usage is above soft limit` in its log.',
      'See who sends so much: requests by application, and the sampling of their traces (`OTEL_TRACES_SAMPLER`).',
      'If its queue is full as well, the cause lies behind it: see TelemetryLost.',
    ],
  },
  panel: { dashboard, panel: 'Refused' },
  object: 'job',
  impossible: withoutEither,
  scenarios: rateScenarios(telemetry.refused),
};

const lost: Alert = {
  ...refused,
  name: 'TelemetryLost',
  for: 60,
  expr: ({ select, threshold }) => `${select(telemetry.lost)} > ${threshold}`,
  summary: '{{ $labels.signal }} lost by {{ $labels.job }}',
  action: 'See whether what it sends to runs and takes more.',
  description: `{{ $labels.job }} gives up ${rate} of the {{ $labels.signal }} that it had accepted.`,
  runbook: {
    means:
      'What was accepted could not be sent on or stored, and its queue is full or the time for more tries is over. It is gone.',
    steps: [
      'Read its log: `kubectl logs <pod> | grep -i "exporting failed"` names the address and the error.',
      'See whether Jaeger runs and has room: `kubectl get pods,pvc`, and the alert JaegerDown.',
      'Jaeger that cannot store has a full claim: make `jaeger.storage.size` larger, or `jaeger.retention` shorter.',
    ],
  },
  panel: { dashboard, panel: 'Lost' },
  scenarios: rateScenarios(telemetry.lost),
};

/** Whether what applications send arrives. */
export const telemetryAlerts: Topic = {
  name: 'telemetry',
  alerts: [collectorDown, jaegerDown, refused, lost],
  records,
};
