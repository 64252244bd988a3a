import * as units from '@grafana/grafana-foundation-sdk/units';
import { telemetryMetrics as metrics } from '../rules/alerts/telemetry.ts';
import { telemetry as records } from '../rules/vocabulary.ts';
import { jaegerHost, telemetryJobs } from '../stack/types.ts';
import { graph, problems } from './kit/panels.ts';
import { over } from './kit/queries.ts';
import { series } from './kit/selectors.ts';
import { above } from './kit/thresholds.ts';
import type { DashboardSource, PanelContext } from './types.ts';

export const telemetry: DashboardSource = {
  uid: 'lookout-telemetry',
  title: 'Telemetry',
  description: 'Whether the metrics and traces that applications send arrive: the OpenTelemetry collector and Jaeger.',
  from: 'now-6h',
  variables: () => [],
  impossible: ({ cluster }) =>
    [cluster?.components.otelCollector.kind, cluster?.components.jaeger.kind].includes('install')
      ? undefined
      : 'no OpenTelemetry collector and no Jaeger is installed',
  rows: [
    { title: 'Does everything arrive?', panels: [down, waiting] },
    { title: 'Over time', panels: [accepted, refused, lost, memory] },
  ],
};

const ours = { job: { matches: `${telemetryJobs.collector}|${telemetryJobs.jaeger}` } };
const silent = 'nothing was sent yet';

function down() {
  return problems(
    'Programs down',
    'Collector and Jaeger, as far as they do not answer Prometheus.',
    'neither is asked',
    `${series('up', ours)} == bool 0`,
    { size: [6, 8] },
  );
}

/** Only what is sent on waits for it: metrics are fetched. */
function waiting({ stack: { cluster } }: PanelContext) {
  if (cluster?.components.otelCollector.kind !== 'install' || jaegerHost(cluster) === null) return undefined;
  const share = `max by (job) (${series(metrics.queueSize, ours)} / ${series(metrics.queueCapacity, ours)})`;
  return graph(
    'Waiting to be sent',
    'Share of the queue that is full; what comes when it is full is lost.',
    { unit: units.PercentUnit, noValue: 'nothing is sent on', min: 0, size: [18, 8] },
    over(share, '{{job}}'),
  );
}

function accepted() {
  return graph(
    'Accepted',
    'Spans and points of metrics that are taken each second.',
    { unit: units.CountsPerSecond, noValue: silent, min: 0 },
    over(series(records.accepted), '{{job}}: {{signal}}'),
  );
}

function refused({ limit }: PanelContext) {
  return graph(
    'Refused',
    'Sent to it and not taken: the sender tries again, and then gives up. The line is the limit of the alert.',
    { unit: units.CountsPerSecond, noValue: silent, min: 0, steps: above(limit('TelemetryRefused')) },
    over(series(records.refused), '{{job}}: {{signal}}'),
  );
}

function lost({ limit }: PanelContext) {
  return graph(
    'Lost',
    'Taken, and given up because it could not be sent on or stored. The line is the limit of the alert.',
    { unit: units.CountsPerSecond, noValue: silent, min: 0, steps: above(limit('TelemetryLost')) },
    over(series(records.lost), '{{job}}: {{signal}}'),
  );
}

function memory() {
  return graph(
    'Memory',
    'What each of them holds in memory. Four fifths of its limit, and it refuses.',
    { unit: units.BytesIEC, noValue: 'neither is asked', min: 0 },
    over(`max by (job) (${series(metrics.memory, ours)})`, '{{job}}'),
  );
}
