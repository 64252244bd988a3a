import { databaseJob, exporters, isOurs, jobs, type Stack, telemetryJobs } from '../../stack/types.ts';
import type { BareObject, Context, ObjectSource } from '../component.ts';
import { secretKey, valuesFor } from '../credentials.ts';
import { componentLabel } from '../finish.ts';
import { nameLabel } from '../pod.ts';
import { qualified } from './references.ts';
import { type ScrapeJob, scrapeJobs } from './scrape-jobs.ts';

/** The components whose Services a job of ours scrapes. */
const ownServices: Readonly<Record<string, readonly string[]>> = {
  [jobs.exporter]: ['exporter', 'exporter-node'],
  [exporters.kubeStateMetrics]: ['kube-state-metrics'],
  [exporters.nodeExporter]: ['node-exporter'],
  [telemetryJobs.collector]: ['otel-collector'],
  [telemetryJobs.applications]: ['otel-collector'],
  [telemetryJobs.jaeger]: ['jaeger'],
};

/** Ports of the Services, where it is not `http`. */
const ports: Readonly<Record<string, string>> = { [telemetryJobs.collector]: 'own', [telemetryJobs.jaeger]: 'own' };

/** A pod's role follows from the component that its Service says it is of. */
const roles = [
  ['exporter', 'api'],
  ['exporter-node', 'node'],
].map(([component, role]) => ({
  sourceLabels: ['__meta_kubernetes_service_label_app_kubernetes_io_component'],
  regex: component,
  targetLabel: 'role',
  replacement: role,
}));

/**
 * What the operator's Prometheus scrapes: our own pods by their Services, applications by their addresses. What others run is
 * theirs to scrape: a second time would double its series.
 */
export const scrape: ObjectSource = {
  name: 'scrape',
  render: (context) => {
    const { stack, files } = context;
    const scraped = scrapeJobs(files).filter(({ job_name: job }) => isScraped(job, stack));
    return {
      objects: scraped.map((job) => {
        const services = servicesOf(job, stack);
        return services === undefined ? staticTargets(job, context) : serviceMonitor(job, services, context);
      }),
      secrets: valuesFor([{ path: 'prometheus/prometheus.yml', content: JSON.stringify(scraped) }]),
    };
  },
};

function isScraped(job: string, stack: Stack): boolean {
  if (job === exporters.kubeStateMetrics) return isOurs(stack, 'kubeStateMetrics');
  if (job === exporters.nodeExporter) return isOurs(stack, 'nodeExporter');
  if (job === telemetryJobs.jaeger) return isOurs(stack, 'jaeger');
  if (job === telemetryJobs.collector || job === telemetryJobs.applications) return isOurs(stack, 'otelCollector');
  const others = [
    ...stack.applications.map(({ name }) => name),
    ...stack.databases.map(({ name }) => databaseJob(name)),
  ];
  return job === jobs.exporter || others.includes(job);
}

interface ServiceSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly object[];
}

/** Selects the Services of ours that a job scrapes; undefined: it scrapes what is not ours. */
function servicesOf({ job_name: job }: ScrapeJob, { databases }: Stack): ServiceSelector | undefined {
  if (databases.some(({ name, access }) => access !== null && databaseJob(name) === job))
    return { matchLabels: { [nameLabel]: job } };
  const components = ownServices[job];
  return components && { matchExpressions: [{ key: componentLabel, operator: 'In', values: components }] };
}

/**
 * Each pod is a target. What the operator adds to its series is taken away again, so that they are those of a Prometheus of our
 * own.
 */
function serviceMonitor(job: ScrapeJob, services: ServiceSelector, context: Context): BareObject {
  const { stack } = context;
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: named(job) },
    spec: {
      selector: {
        matchLabels: {
          'app.kubernetes.io/part-of': 'lookout',
          'app.kubernetes.io/instance': stack.name,
          ...services.matchLabels,
        },
        ...(services.matchExpressions === undefined ? {} : { matchExpressions: services.matchExpressions }),
      },
      endpoints: [
        {
          port: ports[job.job_name] ?? 'http',
          ...(job.metrics_path === undefined ? {} : { path: job.metrics_path }),
          ...(job.scheme === undefined ? {} : { scheme: job.scheme }),
          interval: job.scrape_interval,
          scrapeTimeout: job.scrape_timeout,
          ...(job.honor_labels === true ? { honorLabels: true } : {}),
          ...access(job, context),
          relabelings: [
            { targetLabel: 'job', replacement: job.job_name },
            ...(job.job_name === jobs.exporter ? roles : []),
            ...ownLabels(job),
            { action: 'labeldrop', regex: 'container|endpoint|pod|service' },
          ],
          ...metricRelabelings(job),
        },
      ],
    },
  };
}

/** What the job says of its one target besides the namespace, which the operator knows. */
function ownLabels({ job_name: job, static_configs: statics = [] }: ScrapeJob): readonly object[] {
  if (job === jobs.exporter) return [];
  return statics
    .flatMap(({ labels }) => Object.entries(labels ?? {}))
    .filter(([label]) => label !== 'namespace')
    .map(([targetLabel, replacement]) => ({ targetLabel, replacement }));
}

function metricRelabelings({ metric_relabel_configs: relabels }: ScrapeJob): object {
  if (relabels === undefined) return {};
  const metricRelabelings = relabels.map(({ source_labels: sourceLabels, regex, target_label: targetLabel }) => ({
    sourceLabels,
    regex,
    targetLabel,
  }));
  return { metricRelabelings };
}

function named({ job_name: job }: ScrapeJob): string {
  return job.startsWith('lookout-') ? job : `lookout-${job}`;
}

function staticTargets(job: ScrapeJob, context: Context): BareObject {
  return context.cluster.distribution === 'openshift' ? probe(job, context) : scrapeConfig(job, context);
}

function scrapeConfig(job: ScrapeJob, context: Context): BareObject {
  return {
    apiVersion: 'monitoring.coreos.com/v1alpha1',
    kind: 'ScrapeConfig',
    metadata: { name: named(job) },
    spec: {
      jobName: job.job_name,
      ...(job.scheme === undefined ? {} : { scheme: job.scheme.toUpperCase() }),
      ...(job.metrics_path === undefined ? {} : { metricsPath: job.metrics_path }),
      scrapeInterval: job.scrape_interval,
      scrapeTimeout: job.scrape_timeout,
      ...access(job, context),
      staticConfigs: (job.static_configs ?? []).map(({ targets, labels }) => ({
        targets: targets.map((target) => qualified(target, context.cluster.namespace)),
        ...(labels === undefined ? {} : { labels }),
      })),
    },
  };
}

/**
 * OpenShift serves no ScrapeConfig. A Probe asks one address too, its prober's, and passes its target as a parameter, which an
 * application does not read; the address is named as the target so that the label `instance` is the same. By itself it would ask for
 * `/probe`.
 */
function probe(job: ScrapeJob, context: Context): BareObject {
  const [
    {
      targets: [target = ''],
      labels = {},
    } = { targets: [] },
  ] = job.static_configs ?? [];
  const address = qualified(target, context.cluster.namespace);
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Probe',
    metadata: { name: named(job) },
    spec: {
      jobName: job.job_name,
      prober: { url: address, scheme: job.scheme ?? 'http', path: job.metrics_path ?? '/metrics' },
      targets: { staticConfig: { static: [address], labels } },
      interval: job.scrape_interval,
      scrapeTimeout: job.scrape_timeout,
      ...access(job, context),
    },
  };
}

/** Only with references: the operator puts the values into the configuration that it makes. */
function access({ authorization, tls_config: tls }: ScrapeJob, { stack }: Context): object {
  return {
    ...(authorization === undefined
      ? {}
      : {
          authorization: {
            type: authorization.type,
            credentials: secretKey(authorization.credentials_file, stack),
          },
        }),
    ...(tls === undefined
      ? {}
      : { tlsConfig: { ca: { secret: secretKey(tls.ca_file, stack) }, serverName: tls.server_name } }),
  };
}
