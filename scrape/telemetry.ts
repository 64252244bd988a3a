import { stringify } from 'yaml';
import { type ClusterSettings, installedTelemetry, jaegerHost, type OutputFile, type Stack } from '../stack/types.ts';

const { collector, jaeger } = installedTelemetry;

/** What a collector and a Jaeger of ours read on their start. */
export function telemetryFiles({ cluster }: Stack): readonly OutputFile[] {
  if (cluster === null) return [];
  const { components } = cluster;
  return [
    ...(components.otelCollector.kind === 'install'
      ? [file('otel-collector/collector.yaml', collectorOf(cluster))]
      : []),
    ...(components.jaeger.kind === 'install' ? [file('jaeger/jaeger.yaml', jaegerOf(cluster))] : []),
  ];
}

function file(path: string, content: object): OutputFile {
  return { path, content: stringify(content, { lineWidth: 0, aliasDuplicateObjects: false }) };
}

const everywhere = (port: number) => ({ endpoint: `0.0.0.0:${port}` });
const otlp = ({ otlpGrpc, otlpHttp }: typeof collector | typeof jaeger) => ({
  otlp: { protocols: { grpc: everywhere(otlpGrpc), http: everywhere(otlpHttp) } },
});
/** Refuses what comes in before the container is ended for its memory; shares of the container's limit. */
const limited = {
  memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 20 },
  batch: {},
};
const processors = Object.keys(limited);

/** As Prometheus names metrics, whatever form it asks for. */
const names = { without_scope_info: true, without_type_suffix: false, without_units: false };

/** Its own metrics in the form of Prometheus. Source: OpenTelemetry collector, "Internal telemetry". */
function own(port: number): object {
  return {
    metrics: {
      level: 'normal',
      readers: [{ pull: { exporter: { prometheus: { host: '0.0.0.0', port, ...names } } } }],
    },
  };
}

/**
 * Metrics are kept for Prometheus to fetch, traces are sent on to Jaeger; without one there is nothing that takes traces.
 * Format: OpenTelemetry collector, "Configuration".
 */
function collectorOf(cluster: ClusterSettings): object {
  const host = jaegerHost(cluster);
  return {
    extensions: { health_check: everywhere(collector.health) },
    receivers: otlp(collector),
    processors: limited,
    exporters: {
      prometheus: { ...everywhere(collector.metrics), metric_expiration: '5m' },
      ...(host === null ? {} : { otlp_grpc: { endpoint: `${host}:${jaeger.otlpGrpc}`, tls: { insecure: true } } }),
    },
    service: {
      extensions: ['health_check'],
      telemetry: own(collector.own),
      pipelines: {
        metrics: { receivers: ['otlp'], processors, exporters: ['prometheus'] },
        ...(host === null ? {} : { traces: { receivers: ['otlp'], processors, exporters: ['otlp_grpc'] } }),
      },
    },
  };
}

const store = 'traces';

/** Jaeger 2 is a collector with a store and pages. Source: Jaeger documentation, "Configuration", "Badger", "Memory". */
function jaegerOf({ jaeger: { retention, memory } }: ClusterSettings): object {
  return {
    extensions: {
      healthcheckv2: { use_v2: true, http: everywhere(jaeger.health) },
      jaeger_storage: { backends: { [store]: memory === null ? badger(retention) : inMemory(memory) } },
      jaeger_query: {
        storage: { traces: store },
        http: everywhere(jaeger.query),
        grpc: { endpoint: 'localhost:16685' },
      },
    },
    receivers: otlp(jaeger),
    processors: limited,
    exporters: { jaeger_storage_exporter: { trace_storage: store } },
    service: {
      extensions: ['healthcheckv2', 'jaeger_storage', 'jaeger_query'],
      telemetry: own(jaeger.own),
      pipelines: { traces: { receivers: ['otlp'], processors, exporters: ['jaeger_storage_exporter'] } },
    },
  };
}

function badger(retention: number): object {
  return {
    badger: {
      directories: { keys: '/badger/keys', values: '/badger/values' },
      ephemeral: false,
      ttl: { spans: `${retention}s` },
    },
  };
}

function inMemory(traces: number): object {
  return { memory: { max_traces: traces } };
}
