import { stringify } from 'yaml';
import { formatDuration } from '../common/durations.ts';
import {
  type Application,
  credentialPath,
  type ExporterTls,
  environmentLabel,
  isOurs,
  jobs,
  type OutputFile,
  podAddresses,
  podNameVariable,
  replicaLabel,
  type ScrapeEndpoint,
  type Stack,
  watchedByOthers,
} from '../stack/types.ts';
import { collectedJobs } from './collected.ts';
import { databaseJobs } from './databases.ts';
import { otherJobs } from './others.ts';
import { probeJobs } from './probes.ts';

/**
 * `prometheus.yml`: scrape jobs, rule files and the way to Alertmanager. Every path in it is relative to the file itself.
 * Format: Prometheus documentation, "Configuration".
 */
export function prometheusFile(stack: Stack): OutputFile {
  return { path: 'prometheus/prometheus.yml', content: stringify(prometheusConfig(stack), { lineWidth: 0 }) };
}

function prometheusConfig(stack: Stack) {
  const { intervals, prometheus } = stack;
  const isReplicated = prometheus.replicas > 1;
  return {
    global: {
      scrape_interval: formatDuration(intervals.scrape),
      scrape_timeout: timeout(intervals.scrape),
      evaluation_interval: formatDuration(intervals.evaluation),
      external_labels: {
        [environmentLabel]: stack.name,
        ...(isReplicated ? { [replicaLabel]: `\${${podNameVariable}}` } : {}),
      },
    },
    rule_files: ['rules/*.yml'],
    alerting: {
      // The same alert of several of them is one alert.
      ...(isReplicated ? { alert_relabel_configs: [{ action: 'labeldrop', regex: replicaLabel }] } : {}),
      alertmanagers: [alertReceiver(stack)],
    },
    scrape_configs: [
      ...ownJobs(stack),
      ...otherJobs(stack),
      ...collectedJobs(stack),
      ...probeJobs(stack),
      ...databaseJobs(stack),
      ...stack.applications.flatMap((application) => applicationJob(stack, application)),
    ],
  };
}

function alertReceiver(stack: Stack) {
  return {
    ...login(stack, 'alertmanager'),
    timeout: '10s',
    static_configs: [{ targets: podAddresses(stack.alertmanager) }],
  };
}

function ownJobs(stack: Stack) {
  const job = (component: 'prometheus' | 'alertmanager') => ({
    job_name: jobs[component],
    ...login(stack, component),
    static_configs: [{ targets: podAddresses(stack[component]), labels: { namespace: stack.namespace } }],
  });
  const programs = watchedByOthers(stack) === undefined ? [job('prometheus'), job('alertmanager')] : [];
  return [...programs, exporterJob(stack)];
}

/**
 * One job for both roles in a cluster, told apart by the label `role`. The pods of `node` are found by the addresses of their
 * headless Service, which come without labels.
 */
function exporterJob(stack: Stack) {
  const { exporter, namespace } = stack;
  const job = {
    job_name: jobs.exporter,
    ...(exporter.tls === null ? {} : { scheme: 'https', tls_config: verified(exporter.tls) }),
    metrics_path: '/prometheus',
    authorization: bearer(exporter.token),
  };
  const role = exporter.roles.includes('api') ? { role: 'api' } : {};
  const fixed = [{ targets: [exporter.address], labels: { namespace, ...role } }];
  if (exporter.node === null) return { ...job, static_configs: fixed };
  const [, name = '', port = ''] = /^(.*):(\d+)$/.exec(exporter.node.address) ?? [];
  return {
    ...job,
    ...(exporter.roles.includes('api') ? { static_configs: fixed } : {}),
    dns_sd_configs: [{ names: [name], type: 'A', port: Number(port), refresh_interval: '30s' }],
    relabel_configs: [
      { target_label: 'namespace', replacement: namespace },
      { source_labels: ['role'], regex: '', target_label: 'role', replacement: 'node' },
    ],
  };
}

/** Pods that are found by their address present the same certificate, which is for a name. */
function verified({ authority, serverName }: ExporterTls) {
  return { ca_file: credentialPath(authority), server_name: serverName };
}

function applicationJob(stack: Stack, { name, metrics }: Application) {
  if (metrics === null) return [];
  return [
    {
      job_name: name,
      scheme: metrics.scheme,
      metrics_path: metrics.path,
      scrape_interval: formatDuration(metrics.interval),
      scrape_timeout: timeout(metrics.interval),
      ...authorization(metrics),
      static_configs: [{ targets: [metrics.address], labels: { namespace: stack.namespace, application: name } }],
    },
  ];
}

function authorization({ token }: ScrapeEndpoint) {
  return token === null ? {} : { authorization: bearer(token) };
}

function bearer(token: string) {
  return { type: 'Bearer', credentials_file: credentialPath(token) };
}

/** What is not ours was not given our credentials. */
function login(stack: Stack, component: 'prometheus' | 'alertmanager') {
  if (!isOurs(stack, component)) return {};
  const { user, password } = stack[component];
  return { basic_auth: { username: user, password_file: credentialPath(password) } };
}

/** Prometheus refuses a timeout above the interval; its own default is 10 s. */
function timeout(interval: number): string {
  return formatDuration(Math.min(10, interval));
}
