import type { ExporterConfig } from '../exporter/config.ts';
import { credentialPath, type OutputFile, type Stack } from '../stack/types.ts';

/** Seconds that reading one source may take in production before it counts as hung. */
const deadline = 30;

/** `exporter.json`: what the exporter reads and how often. */
export function exporterFile(stack: Stack): OutputFile {
  return { path: 'exporter/exporter.json', content: `${JSON.stringify(exporterConfig(stack), null, 2)}\n` };
}

export function exporterConfig(stack: Stack): ExporterConfig {
  return {
    listen: listenAddress(stack),
    tokenFile: credentialPath(stack.exporter.token),
    interval: stack.intervals.collection,
    deadline: Math.max(5, deadline / stack.pace),
    node: stack.platform === 'local' ? 'localhost' : '',
    backups: stack.backups,
    volumes: stack.volumes,
    certificateFiles: stack.certificates.files,
    certificateEndpoints: stack.certificates.endpoints,
    traces: null,
  };
}

/** In a cluster the exporter listens on every address of its pod; on one machine on loopback only. */
function listenAddress({ platform, exporter }: Stack) {
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(exporter.address) ?? [];
  return { host: platform === 'local' ? host : '0.0.0.0', port: Number(port) };
}
