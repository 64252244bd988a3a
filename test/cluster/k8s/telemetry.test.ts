import { beforeAll, describe, expect, test } from 'vitest';
import { image } from '../../../k8s/images.ts';
import type { Stack } from '../../../stack/types.ts';
import { until } from '../../exporter/support/exporter.ts';
import { type TelemetryPrograms, telemetryPrograms } from '../../support/telemetry-programs.ts';
import { images } from '../support/images.ts';
import { apply, kubectl, temporaryNamespace } from '../support/kubectl.ts';
import { node } from '../support/node.ts';
import { install, rolledOut, secretValue } from './install.ts';
import { queryValue, reachPod } from './reach.ts';
import { stackIn } from './stacks.ts';

const programs = telemetryPrograms(process.env);

test.runIf(programs === undefined)('no collector and no Jaeger are tried: LOOKOUT_TELEMETRY_BIN is not set', () =>
  expect(programs).toBeUndefined(),
);

describe.runIf(programs !== undefined)('what an application of the namespace sends', () => {
  const namespace = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });

  beforeAll(async () => {
    const stack = traced(namespace);
    loadTelemetry(programs!, stack);
    await install(stack);
    rolledOut(
      namespace,
      'deployment/lookout-otel-collector',
      'statefulset/lookout-jaeger',
      'statefulset/lookout-prometheus',
    );
    apply(application(namespace));
  });

  test('arrives in Prometheus, with the application in a label, and in Jaeger, which keeps it over a restart', async () => {
    const password = secretValue('prometheus-password');
    const prometheus = await reachPod(namespace, 'pod/lookout-prometheus-0', 9090);
    const value = (query: string) => queryValue(prometheus, password, query);
    const requests = `http_server_request_duration_seconds_count{application="shop",namespace="${namespace}"}`;
    await until(async () => (await value(requests)) === 7);
    expect(await value('count(up{job=~"lookout-otel-collector|lookout-jaeger|otel-applications"} == 1)')).toBe(3);
    await until(async () => (await value('sum(telemetry:accepted:rate5m{job="lookout-jaeger"})')) > 0);
    expect(await services(namespace)).toContain('shop');
    kubectl(['delete', 'pod', 'lookout-jaeger-0', `--namespace=${namespace}`]);
    rolledOut(namespace, 'statefulset/lookout-jaeger');
    expect(await services(namespace)).toContain('shop');
  });
});

async function services(namespace: string): Promise<readonly string[]> {
  const jaeger = await reachPod(namespace, 'pod/lookout-jaeger-0', 16686);
  const { data } = (await (await jaeger.ask('/api/services', null)).json()) as { data: string[] | null };
  return data ?? [];
}

function loadTelemetry({ collector, jaeger }: TelemetryPrograms, stack: Stack): void {
  node('load', image('otelCollector', stack, stack.cluster!), collector);
  node('load', image('jaeger', stack, stack.cluster!), jaeger);
}

function traced(namespace: string): Stack {
  const plain = stackIn(namespace);
  const [none, ours] = [{ kind: 'none' }, { kind: 'install' }] as const;
  const others = {
    alertmanager: none,
    grafana: none,
    exporter: none,
    blackbox: none,
    otelCollector: ours,
    jaeger: ours,
  };
  return {
    ...plain,
    probes: [],
    cluster: { ...plain.cluster!, components: { ...plain.cluster!.components, ...others } },
  };
}

/** Sends a span and a histogram by OTLP/HTTP every second, to the Service. */
const program = `
const at = () => Date.now() + '000000';
const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
const post = (path, body) => fetch('http://lookout-otel-collector:4318' + path, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
}).catch(() => {});
let sent = 0;
setInterval(() => {
  const id = (++sent).toString(16);
  const span = { traceId: id.padStart(32, 'a'), spanId: id.padStart(16, 'b'), name: 'GET /', kind: 2, startTimeUnixNano: at(), endTimeUnixNano: at() };
  const point = { startTimeUnixNano: at(), timeUnixNano: at(), count: 7, sum: 0.7, bucketCounts: [7, 0], explicitBounds: [1] };
  const metric = { name: 'http.server.request.duration', unit: 's', histogram: { aggregationTemporality: 2, dataPoints: [point] } };
  post('/v1/traces', { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
  post('/v1/metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] });
}, 1000);`;

function application(namespace: string): object {
  const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'shop', namespace, labels: { app: 'shop' } },
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ name: 'shop', image: images().node, command: ['node', '-e', program], securityContext }],
    },
  };
}
