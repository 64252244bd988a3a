import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { scrapeFiles } from '../../scrape/index.ts';
import type { Stack } from '../../stack/types.ts';
import { freePort } from '../dashboards/proof/server.ts';

/** A collector and a Jaeger, where this machine has them: `go install` builds both, no package of Debian has them. */
export interface TelemetryPrograms {
  readonly collector: string;
  readonly jaeger: string;
}

/** `otelcol-contrib` and `jaeger` in LOOKOUT_TELEMETRY_BIN or on the PATH; undefined when one is missing. */
export function telemetryPrograms(env: NodeJS.ProcessEnv): TelemetryPrograms | undefined {
  const folders = [env['LOOKOUT_TELEMETRY_BIN'] ?? '', ...(env['PATH'] ?? '').split(delimiter)].filter(Boolean);
  const find = (name: string) => folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  const [collector, jaeger] = [find('otelcol-contrib'), find('jaeger')];
  return collector === undefined || jaeger === undefined ? undefined : { collector, jaeger };
}

/** Where they listen on loopback in place of the ports of their Services. */
export interface TelemetryPorts {
  readonly collector: Readonly<Record<'otlpGrpc' | 'otlpHttp' | 'metrics' | 'own' | 'health', number>>;
  readonly jaeger: Readonly<Record<'otlpGrpc' | 'otlpHttp' | 'query' | 'own' | 'health' | 'grpc', number>>;
}

export async function telemetryPorts(): Promise<TelemetryPorts> {
  const [a, b, c, d, e] = [await freePort(), await freePort(), await freePort(), await freePort(), await freePort()];
  const [f, g, h, i] = [await freePort(), await freePort(), await freePort(), await freePort()];
  return {
    collector: { otlpGrpc: a, otlpHttp: b, metrics: c, own: d, health: e },
    jaeger: { otlpGrpc: f, otlpHttp: g, query: h, own: i, health: await freePort(), grpc: await freePort() },
  };
}

/** The built files of a stack below a directory, changed in their addresses only. */
export function writeTelemetryFiles(stack: Stack, directory: string, ports: TelemetryPorts): void {
  const { collector, jaeger } = ports;
  for (const { path, content } of scrapeFiles(stack)) {
    if (!/^(otel-collector|jaeger|prometheus)\//.test(path)) continue;
    const own = path.startsWith('jaeger/') ? jaeger : collector;
    const changed = content
      .replaceAll('lookout-otel-collector:8888', `127.0.0.1:${collector.own}`)
      .replaceAll('lookout-otel-collector:8889', `127.0.0.1:${collector.metrics}`)
      .replaceAll('lookout-jaeger:8888', `127.0.0.1:${jaeger.own}`)
      .replaceAll('lookout-jaeger:4317', `127.0.0.1:${jaeger.otlpGrpc}`)
      .replaceAll('localhost:16685', `127.0.0.1:${jaeger.grpc}`)
      .replaceAll('0.0.0.0:4317', `127.0.0.1:${own.otlpGrpc}`)
      .replaceAll('0.0.0.0:4318', `127.0.0.1:${own.otlpHttp}`)
      .replaceAll('0.0.0.0:8889', `127.0.0.1:${collector.metrics}`)
      .replaceAll('0.0.0.0:16686', `127.0.0.1:${jaeger.query}`)
      .replaceAll('0.0.0.0:13133', `127.0.0.1:${own.health}`)
      .replaceAll('host: 0.0.0.0', 'host: 127.0.0.1')
      .replaceAll('port: 8888', `port: ${own.own}`)
      .replaceAll('/badger/', `${join(directory, 'badger')}/`);
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), changed);
  }
}

/** A running program, until it is stopped. */
export interface RunningProgram {
  readonly process: ChildProcess;
  readonly stop: () => Promise<void>;
}

export function startProgram(program: string, args: readonly string[]): RunningProgram {
  const child = spawn(program, args, { stdio: 'ignore' });
  const exit = once(child, 'exit');
  return {
    process: child,
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
}

/** A span of the service `calculator`, and what it measures of its requests by OpenTelemetry's conventions; OTLP/HTTP in JSON. */
export async function sendTelemetry(port: number, requests: number, now: number): Promise<readonly number[]> {
  const resource = {
    attributes: [
      { key: 'service.name', value: { stringValue: 'calculator' } },
      { key: 'service.namespace', value: { stringValue: 'co2' } },
    ],
  };
  const at = (milliseconds: number) => `${Math.round(milliseconds)}000000`;
  const digits = requests.toString(16);
  const span = {
    traceId: digits.padStart(32, 'a'),
    spanId: digits.padStart(16, 'b'),
    name: 'GET /health',
    kind: 2,
    startTimeUnixNano: at(now - 20),
    endTimeUnixNano: at(now),
  };
  const point = {
    attributes: [{ key: 'http.request.method', value: { stringValue: 'GET' } }],
    startTimeUnixNano: at(now - 60_000),
    timeUnixNano: at(now),
    count: requests,
    sum: requests * 0.02,
    bucketCounts: [requests, 0],
    explicitBounds: [0.1],
  };
  const duration = {
    name: 'http.server.request.duration',
    unit: 's',
    histogram: { aggregationTemporality: 2, dataPoints: [point] },
  };
  const post = async (path: string, body: object) => {
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return (await fetch(`http://127.0.0.1:${port}${path}`, options)).status;
  };
  const scope = { name: 'requests' };
  return [
    await post('/v1/traces', { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: [span] }] }] }),
    await post('/v1/metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [duration] }] }] }),
  ];
}
