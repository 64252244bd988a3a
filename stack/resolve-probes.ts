import { defaults } from './defaults.ts';
import { paced } from './records.ts';
import type { Declared } from './schema/environment.ts';
import type { ClusterSettings, Intervals, Probe } from './types.ts';

interface ProbeContext {
  readonly intervals: Intervals;
  readonly pace: number;
  readonly cluster: ClusterSettings | null;
}

/** Modules of the configuration that the blackbox exporter comes with. Source: `blackbox.yml` of its repository. */
const usualModules = { http: 'http_2xx', tcp: 'tcp_connect' } as const;

/** Seconds: the blackbox exporter ends its question half a second before Prometheus would give up. */
const margin = 1;

export function resolveProbe(
  { name, url, tcp, module, ...declared }: NonNullable<Declared['probes']>[number],
  { intervals, pace, cluster }: ProbeContext,
): Probe {
  const interval = declared.interval === undefined ? intervals.scrape : paced(declared.interval, pace);
  const timeout = declared.timeout ?? defaults.probe.timeout;
  const kind = url === undefined ? 'tcp' : 'http';
  const isOurs = cluster?.components.blackbox.kind === 'install';
  return {
    name,
    kind,
    target: url ?? tcp ?? '',
    module: isOurs ? name : (module ?? usualModules[kind]),
    status: declared.status ?? [],
    redirects: declared.redirects ?? true,
    contains: declared.contains ?? null,
    trusted: declared.trusted ?? true,
    interval,
    timeout,
    giveUp: Math.min(interval, timeout + margin),
  };
}
