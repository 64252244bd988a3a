import { jobs } from '../../stack/types.ts';
import type { BareObject, Context, ObjectSource } from '../component.ts';
import { valuesFor } from '../credentials.ts';
import { componentLabel } from '../finish.ts';
import { qualified, secretKey } from './references.ts';
import { type ScrapeJob, scrapeJobs } from './scrape-jobs.ts';

const ours: readonly string[] = Object.values(jobs);

/** What the operator's Prometheus scrapes: our own pods by their Services, everything else by its address. */
export const scrape: ObjectSource = {
  name: 'scrape',
  render: (context) => {
    const all = scrapeJobs(context.files);
    const exporter = all.filter(({ job_name }) => job_name === jobs.exporter);
    const others = all.filter(({ job_name }) => !ours.includes(job_name));
    const scraped = JSON.stringify([...exporter, ...others]);
    return {
      objects: [
        ...exporter.map((job) => exporterMonitor(job, context)),
        ...others.map((job) => staticTargets(job, context)),
      ],
      secrets: valuesFor([{ path: 'prometheus/prometheus.yml', content: scraped }]),
    };
  },
};

/**
 * Each pod of both roles is a target. What the operator adds to its series is taken away again, so that they are those of a
 * Prometheus of our own.
 */
function exporterMonitor(job: ScrapeJob, context: Context): BareObject {
  const { stack } = context;
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: job.job_name },
    spec: {
      selector: {
        matchLabels: { 'app.kubernetes.io/part-of': 'lookout', 'app.kubernetes.io/instance': stack.name },
        matchExpressions: [{ key: componentLabel, operator: 'In', values: ['exporter', 'exporter-node'] }],
      },
      endpoints: [
        {
          port: 'http',
          path: job.metrics_path,
          ...(job.scheme === undefined ? {} : { scheme: job.scheme }),
          interval: job.scrape_interval,
          scrapeTimeout: job.scrape_timeout,
          ...access(job, context),
          relabelings: [
            { targetLabel: 'job', replacement: job.job_name },
            { action: 'labeldrop', regex: 'container|endpoint|pod|service' },
          ],
        },
      ],
    },
  };
}

function staticTargets(job: ScrapeJob, context: Context): BareObject {
  return context.cluster.distribution === 'openshift' ? probe(job, context) : scrapeConfig(job, context);
}

function scrapeConfig(job: ScrapeJob, context: Context): BareObject {
  return {
    apiVersion: 'monitoring.coreos.com/v1alpha1',
    kind: 'ScrapeConfig',
    metadata: { name: `lookout-${job.job_name}` },
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
 * application does not read; the address is named as the target so that the label `instance` is the same.
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
    metadata: { name: `lookout-${job.job_name}` },
    spec: {
      jobName: job.job_name,
      prober: { url: address, scheme: job.scheme ?? 'http', path: job.metrics_path },
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
