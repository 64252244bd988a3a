import { type Component, installedTelemetry } from '../../../stack/types.ts';
import type { Monitoring, Service, Workload } from './facts.ts';

/** Monitoring that runs already, whoever installed it. */
export interface Existing {
  readonly component: Component;
  readonly workload: string;
  readonly namespace: string;
  /** `host:port` of a Service in front of it; null: none was found. */
  readonly address: string | null;
}

const images: Readonly<Record<Exclude<Component, 'exporter'>, RegExp>> = {
  prometheus: /(^|\/)prometheus(:|@|$)/,
  alertmanager: /(^|\/)alertmanager(:|@|$)/,
  grafana: /(^|\/)grafana(-oss|-enterprise)?(:|@|$)/,
  kubeStateMetrics: /(^|\/)kube-state-metrics(:|@|$)/,
  nodeExporter: /(^|\/)node-exporter(:|@|$)/,
  otelCollector: /(^|\/)opentelemetry-collector(-contrib|-k8s)?(:|@|$)/,
  jaeger: /(^|\/)(jaeger|all-in-one)(:|@|$)/,
  blackbox: /(^|\/)blackbox-exporter(:|@|$)/,
  postgresExporter: /(^|\/)postgres[-_]exporter(:|@|$)/,
  mongodbExporter: /(^|\/)mongodb[-_]exporter(:|@|$)/,
  redisExporter: /(^|\/)redis[-_]exporter(:|@|$)/,
};

/** Where a component of many ports is asked: OTLP by HTTP, and Jaeger's pages. */
const ports: Readonly<Partial<Record<Component, number>>> = {
  otelCollector: installedTelemetry.collector.otlpHttp,
  jaeger: installedTelemetry.jaeger.query,
};

/** Told by the images of workloads, since their names are anybody's choice. */
export function findExisting({ workloads, services, elsewhere, servicesElsewhere }: Monitoring): readonly Existing[] {
  const all = [...workloads, ...elsewhere].filter(
    ({ metadata }) => metadata.labels?.['app.kubernetes.io/managed-by'] !== 'lookout',
  );
  return (Object.keys(images) as (keyof typeof images)[]).flatMap((component) => {
    const found = all.find((workload) => runs(workload, images[component]));
    if (found === undefined) return [];
    const { name, namespace = '' } = found.metadata;
    return [
      {
        component,
        workload: name,
        namespace,
        address: addressOf(found, [...services, ...servicesElsewhere], ports[component]),
      },
    ];
  });
}

/** Whether a container of a workload has such an image. */
export function runs({ spec }: Workload, image: RegExp): boolean {
  return spec?.template?.spec?.containers?.some((container) => image.test(container.image ?? '')) === true;
}

/** `host:port` of a Service in front of a workload, of the one that has the wanted port first; null: none was found. */
export function addressOf(workload: Workload, services: readonly Service[], wanted?: number): string | null {
  const labels = workload.spec?.template?.metadata?.labels ?? {};
  const fitting = services.filter(({ metadata, spec }) => {
    const selector = Object.entries(spec?.selector ?? {});
    const same = metadata.namespace === workload.metadata.namespace && selector.length > 0;
    return same && selector.every(([key, value]) => labels[key] === value);
  });
  const has = ({ spec }: Service) => spec?.ports?.some(({ port }) => port === wanted) === true;
  const exact = fitting.find(has);
  const service = exact ?? fitting[0];
  const port = exact === undefined ? service?.spec?.ports?.[0]?.port : wanted;
  return service === undefined || port === undefined
    ? null
    : `${service.metadata.name}.${service.metadata.namespace}.svc:${port}`;
}
