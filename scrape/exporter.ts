import type { ExporterConfig } from '../exporter/config.ts';
import { credentialPath, type ExporterTls, type OutputFile, type Stack } from '../stack/types.ts';
import { localSources, roleSources, type Sources } from './sources.ts';

/** Seconds that reading one source may take in production before it counts as hung. */
const deadline = 30;

/** `exporter.json`: what the exporter watches and how often. In a cluster each of its roles has one of its own. */
export function exporterFiles(stack: Stack): readonly OutputFile[] {
  if (stack.platform === 'local') return [file('exporter/exporter.json', exporterConfig(stack, localSources(stack)))];
  return stack.exporter.roles.map((role) =>
    file(`exporter/${role}/exporter.json`, exporterConfig(stack, roleSources(stack, role))),
  );
}

function exporterConfig(stack: Stack, sources: Sources): ExporterConfig {
  const { token, tls, traces } = stack.exporter;
  return {
    listen: { ...listenAddress(stack), ...(tls === null ? {} : { tls: tlsFiles(tls) }) },
    tokenFile: credentialPath(token),
    interval: stack.intervals.collection,
    deadline: Math.max(5, deadline / stack.pace),
    node: stack.platform === 'local' ? 'localhost' : '',
    ...sources,
    traces: traces === null ? null : traceReceiver(traces),
  };
}

/** The path is that of OTLP/HTTP. Source: OpenTelemetry Protocol Specification, OTLP/HTTP Request. */
function traceReceiver(base: string) {
  return { endpoint: `${base}/v1/traces` };
}

/** In a cluster the exporter listens on every address of its pod; on one machine on loopback only. */
function listenAddress({ platform, exporter }: Stack) {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(exporter.address) ?? [];
  return { host: platform === 'local' ? host : '0.0.0.0', port: Number(port) };
}

function tlsFiles({ certificate, key }: ExporterTls) {
  return { certificate: credentialPath(certificate), key: credentialPath(key) };
}

function file(path: string, config: ExporterConfig): OutputFile {
  return { path, content: `${JSON.stringify(config, null, 2)}\n` };
}
