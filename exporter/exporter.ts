import type { AddressInfo } from 'node:net';
import { UserError } from '../common/problems.ts';
import { collectors } from './collectors/index.ts';
import type { ExporterConfig } from './config.ts';
import { Exposition } from './exposition/exposition.ts';
import { families } from './metrics/index.ts';
import { selfMetrics } from './metrics/self.ts';
import { sample } from './model/sample.ts';
import { Runner, type RunnerOptions } from './runner/runner.ts';
import { createServer } from './server/server.ts';
import { TokenFile } from './server/tokens.ts';
import { processMetrics } from './telemetry/process.ts';
import { noTracer } from './telemetry/tracer.ts';

export type Surroundings = Pick<RunnerOptions, 'log' | 'now' | 'startChild' | 'readMounts' | 'kubernetes'> & {
  readonly version: string;
};

export interface Exporter {
  /** The port that it listens on: the configured one, or the chosen one when that is 0. */
  readonly port: number;
  readonly runner: Runner;
  readonly stop: () => Promise<void>;
}

/** Answers under way at once, and the seconds that one may take. */
const limits = { inFlight: 8, duration: 60 } as const;

/**
 * Starts to listen and to read.
 * @throws UserError for an unusable token file and an occupied port.
 */
export async function startExporter(config: ExporterConfig, surroundings: Surroundings): Promise<Exporter> {
  const { log, version } = surroundings;
  const tokens = new TokenFile(config.tokenFile, log);
  const tracing = await startTracing(config, version);
  const exposition = new Exposition(families);
  exposition.set('exporter', [sample(selfMetrics.buildInfo, { version, node_version: process.version }, 1)]);
  const options = { ...surroundings, exposition, tracer: tracing.tracer, interval: config.interval };
  const runner = new Runner(collectors, config, options);
  const server = createServer({
    version,
    tokens,
    entries: runner.entries,
    ready: () => runner.ready,
    limits,
    ...(config.listen.tls === undefined ? {} : { tls: config.listen.tls }),
    log,
    exposition,
    live: () => runner.board.live(),
    processText: processMetrics(),
  });
  await server.listen({ host: config.listen.host, port: config.listen.port }).catch((cause) => {
    throw new UserError(`could not listen on ${config.listen.host}:${config.listen.port}`, { cause });
  });
  runner.start();
  const { address: host, port } = server.server.address() as AddressInfo;
  const address = `${config.listen.tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
  log.info({ address, sources: runner.entries.length, interval: config.interval }, 'listening');
  return {
    port,
    runner,
    stop: async () => {
      await Promise.all([server.close(), runner.stop()]);
      surroundings.kubernetes.close();
      await tracing.stop();
    },
  };
}

async function startTracing({ traces }: ExporterConfig, version: string) {
  if (traces === null) return { tracer: noTracer, stop: async () => {} };
  const { otlpTracer } = await import('./telemetry/otlp.ts');
  return otlpTracer(traces.endpoint, version);
}
