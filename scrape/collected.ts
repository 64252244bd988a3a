import { installedTelemetry, type Stack, telemetryJobs } from '../stack/types.ts';

const { collector, jaeger } = installedTelemetry;
const applications = `${collector.host}:${collector.metrics}`;

/**
 * The jobs of a collector and a Jaeger of ours: their own metrics, and those that applications sent to the collector. An
 * application that names the collector as its endpoint is scraped there by itself, and then nothing else is.
 */
export function collectedJobs({ cluster, namespace, ...stack }: Stack): readonly object[] {
  if (cluster === null) return [];
  const at = (target: string) => ({ static_configs: [{ targets: [target], labels: { namespace } }] });
  const isNamed = stack.applications.some(({ metrics }) => metrics?.address.startsWith(`${collector.host}:`) === true);
  const { otelCollector, jaeger: traces } = cluster.components;
  return [
    ...(otelCollector.kind === 'install'
      ? [{ job_name: telemetryJobs.collector, ...at(`${collector.host}:${collector.own}`) }]
      : []),
    ...(otelCollector.kind === 'install' && !isNamed
      ? [{ job_name: telemetryJobs.applications, ...at(applications), metric_relabel_configs: [ofApplication] }]
      : []),
    ...(traces.kind === 'install' ? [{ job_name: telemetryJobs.jaeger, ...at(`${jaeger.host}:${jaeger.own}`) }] : []),
  ];
}

/**
 * The collector tells whose a series is in the label `job`, `<service.namespace>/<service.name>`, which the scrape keeps as
 * `exported_job`. Source: OpenTelemetry, "Prometheus and OpenMetrics Compatibility", resource attributes.
 */
const ofApplication = {
  source_labels: ['exported_job'],
  regex: '(?:.*/)?([^/]+)',
  target_label: 'application',
};
