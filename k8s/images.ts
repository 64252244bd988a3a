import type { ClusterSettings, Stack } from '../stack/types.ts';

/** Every image of the components, pinned. Prometheus and Alertmanager have the versions that their outputs are made for. */
const pinned = {
  prometheus: ({ prometheus }: Stack) => `quay.io/prometheus/prometheus:v${prometheus.version}`,
  alertmanager: ({ alertmanager }: Stack) => `quay.io/prometheus/alertmanager:v${alertmanager.version}`,
  configReloader: () => 'quay.io/prometheus-operator/prometheus-config-reloader:v0.85.0',
  grafana: () => 'docker.io/grafana/grafana:13.1.3',
  node: () => 'docker.io/library/node:24.21.0',
  kubeStateMetrics: () => 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.19.1',
  nodeExporter: () => 'quay.io/prometheus/node-exporter:v1.11.1',
  otelCollector: () => 'docker.io/otel/opentelemetry-collector-contrib:0.159.0',
  jaeger: () => 'cr.jaegertracing.io/jaegertracing/jaeger:2.13.0',
  blackbox: () => 'quay.io/prometheus/blackbox-exporter:v0.28.0',
  postgresExporter: () => 'quay.io/prometheuscommunity/postgres-exporter:v0.20.1',
  mongodbExporter: () => 'docker.io/percona/mongodb_exporter:0.54.0',
  redisExporter: () => 'docker.io/oliver006/redis_exporter:v1.91.1',
};

export type ImageName = keyof typeof pinned;
export const imageNames = Object.keys(pinned) as readonly ImageName[];

/** The image in its own registry, or below the one that the environment names: `registry/prometheus/prometheus:v3.5.3`. */
export function image(name: ImageName, stack: Stack, { images }: ClusterSettings): string {
  const reference = pinned[name](stack);
  return images.registry === null ? reference : `${images.registry}/${reference.slice(reference.indexOf('/') + 1)}`;
}
