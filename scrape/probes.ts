import { stringify } from 'yaml';
import { formatDuration } from '../common/durations.ts';
import { exporterAddress, type OutputFile, type Probe, probeJob, type Stack } from '../stack/types.ts';

/**
 * One job for all probes: what is asked, how and how often are labels of each target, which Prometheus takes off again. Source:
 * blackbox exporter, README, "Prometheus Configuration"; Prometheus documentation, `relabel_config` (`__scrape_interval__`).
 */
export function probeJobs({ cluster, namespace, probes }: Stack): readonly object[] {
  const prober = cluster === null ? null : exporterAddress(cluster, 'blackbox');
  if (prober === null || probes.length === 0) return [];
  return [
    {
      job_name: probeJob,
      metrics_path: '/probe',
      static_configs: probes.map((probe) => ({
        targets: [probe.target],
        labels: {
          namespace,
          probe: probe.name,
          __param_module: probe.module,
          __scrape_interval__: formatDuration(probe.interval),
          __scrape_timeout__: formatDuration(probe.giveUp),
        },
      })),
      relabel_configs: [
        { source_labels: ['__address__'], target_label: '__param_target' },
        { source_labels: ['__address__'], target_label: 'instance' },
        { target_label: '__address__', replacement: prober },
      ],
    },
  ];
}

/**
 * `blackbox.yml`: a module for each probe, which has its name, and the usual two for probes of the user's own. Format: blackbox
 * exporter, `CONFIGURATION.md`.
 */
export function probeFiles(stack: Stack): readonly OutputFile[] {
  if (stack.cluster?.components.blackbox.kind !== 'install') return [];
  const own = stack.probes.map((probe) => [probe.module, moduleOf(probe)]);
  const modules = { ...usual, ...Object.fromEntries(own) };
  return [
    { path: 'blackbox/blackbox.yml', content: stringify({ modules }, { lineWidth: 0, aliasDuplicateObjects: false }) },
  ];
}

/** IPv4 first: by itself it tries IPv6 first, which most clusters resolve and do not route. */
const network = { preferred_ip_protocol: 'ip4' } as const;

const usual = {
  http_2xx: { prober: 'http', http: network },
  tcp_connect: { prober: 'tcp', tcp: network },
};

function moduleOf(probe: Probe): object {
  const timeout = formatDuration(probe.timeout);
  return probe.kind === 'tcp'
    ? { prober: 'tcp', timeout, tcp: network }
    : { prober: 'http', timeout, http: page(probe) };
}

function page({ status, redirects, contains, trusted }: Probe): object {
  return {
    ...network,
    ...(status.length === 0 ? {} : { valid_status_codes: status }),
    follow_redirects: redirects,
    ...(contains === null ? {} : { fail_if_body_not_matches_regexp: [literal(contains)] }),
    ...(trusted ? {} : { tls_config: { insecure_skip_verify: true } }),
  };
}

/** A regular expression of RE2 that matches just this text. */
function literal(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
