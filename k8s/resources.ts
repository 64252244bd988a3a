/**
 * The memory budget of an installation, in MiB: what a container asks for is what it was seen to use on a small platform, and
 * its limit is where it rather ends than takes the node with it. Prometheus was measured at 154 MiB with 2 000 series, 271 with
 * 20 000 and 654 with 100 000 (resident, highest in an hour), Alertmanager at 45, the reloader at 35, the exporter at 92; Grafana's
 * figure is an estimate. All that is installed by default asks for 770 MiB together.
 */
const budget = {
  prometheus: { asks: 256, limit: 1024, cpu: '50m' },
  alertmanager: { asks: 48, limit: 128, cpu: '10m' },
  configReloader: { asks: 40, limit: 96, cpu: '5m' },
  grafana: { asks: 192, limit: 512, cpu: '50m' },
  exporterApi: { asks: 96, limit: 256, cpu: '20m' },
  exporterNode: { asks: 96, limit: 320, cpu: '20m' },
  kubeStateMetrics: { asks: 48, limit: 192, cpu: '10m' },
  nodeExporter: { asks: 24, limit: 96, cpu: '10m' },
  otelCollector: { asks: 64, limit: 256, cpu: '20m' },
  jaeger: { asks: 128, limit: 512, cpu: '20m' },
  blackbox: { asks: 24, limit: 96, cpu: '10m' },
  postgresExporter: { asks: 32, limit: 96, cpu: '10m' },
  mongodbExporter: { asks: 48, limit: 192, cpu: '10m' },
  redisExporter: { asks: 24, limit: 96, cpu: '10m' },
} as const;
const mebibyte = 1024 ** 2;

/** No limit on the processor: a container that is held back misses scrapes while the node idles. */
export function resources(container: keyof typeof budget): object {
  const { asks, limit, cpu } = budget[container];
  return { requests: { cpu, memory: quantity(asks * mebibyte) }, limits: { memory: quantity(limit * mebibyte) } };
}

/** Bytes as the API server writes them, so that what it stores is what was sent: `10Gi`, `1500Mi`, `1000001`. */
export function quantity(bytes: number): string {
  const [unit, size] = units.find(([, each]) => bytes % each === 0) ?? ['', 1];
  return `${bytes / size}${unit}`;
}

const units = [
  ['Gi', 1024 ** 3],
  ['Mi', 1024 ** 2],
  ['Ki', 1024],
] as const;
