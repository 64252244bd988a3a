import { Agent, fetch } from 'undici';
import type { Stack } from '../../../stack/types.ts';
import type { Fetch } from '../../checks/service.ts';
import type { Data } from '../credentials/stored.ts';

/**
 * How the exporter is asked: in TLS it is asked by the name and with the authority that Prometheus verifies, whatever the
 * address of the port-forward.
 */
export function exporterFetch({ exporter: { tls } }: Stack, values: Data): Fetch {
  if (tls === null) return globalThis.fetch;
  const dispatcher = new Agent({ connect: { ca: values[tls.authority] ?? '', servername: tls.serverName } });
  return (url, options) => fetch(url.replace(/^http:/, 'https:'), { ...options, dispatcher });
}
