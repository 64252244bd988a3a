import { z } from 'zod';
import { claimSizes, gitDefaults, localPathDirectories } from '../defaults.ts';
import { dashboardDeliveries, distributions, flavours, type StoredComponent } from '../types.ts';
import * as scalar from './scalars.ts';
import { labels, list, optional, required, section } from './structure.ts';

export const cluster = section('the cluster', {
  context: optional('its context in the kubeconfig', scalar.context, '--context must name it'),
  namespace: optional("the namespace of Lookout's own objects", scalar.label, 'namespace of the environment'),
  distribution: optional('which Kubernetes it is', scalar.choice(distributions), 'kubernetes'),
  access: optional(
    'what rights there are: in the whole cluster, or in the namespace only, without its nodes',
    scalar.choice(['cluster', 'namespace']),
    'cluster',
  ),
  localPath: optional(
    'the directory of the nodes in which its local-path provisioner keeps claims',
    scalar.absolutePath,
    `${localPathDirectories.k3s} with distribution k3s, else none`,
  ),
});

export const flavour = optional(
  'who runs Prometheus, Alertmanager and Grafana: this stack, or operators that read its objects',
  scalar.choice(flavours),
  'standalone',
);

const setting = { error: 'install, none, or {existing: <host:port>} for one that is there already' };

const ofTheStack =
  'install; with flavour operator the Services of prometheus-operator in the namespace monitoring, on OpenShift none, and no Grafana';

const ofDatabases = 'install where there are such databases, else none';

/** Whether it is installed, or where the one is that is there already. */
function component(name: string, usual: string) {
  const existing = z.strictObject({ existing: scalar.address }, setting);
  return optional(
    `${name}: install, none, or the host:port of one that is there`,
    z.union([z.enum(['install', 'none'], setting), existing], setting),
    usual,
  );
}

export const components = section('what is installed', {
  prometheus: component('Prometheus', ofTheStack),
  alertmanager: component('Alertmanager', ofTheStack),
  grafana: component('Grafana', ofTheStack),
  kubeStateMetrics: component('kube-state-metrics, for dashboards and alerts of your own', 'none'),
  nodeExporter: component('node-exporter, for dashboards and alerts of your own', 'none'),
  otelCollector: component('OpenTelemetry collector, with the address of its OTLP/HTTP receiver', 'none'),
  jaeger: component('Jaeger, with the address of its pages', 'none'),
  blackbox: component('blackbox exporter, which asks the probes', 'install where there are probes, else none'),
  postgresExporter: component('postgres_exporter, one for each database of this engine', ofDatabases),
  mongodbExporter: component('mongodb_exporter, one for each database of this engine', ofDatabases),
  redisExporter: component('redis_exporter, one for each database of this engine', ofDatabases),
});

export const operator = section('what the operators of the cluster ask for', {
  labels: labels('what stands on every object for them, so that their selectors find it', 'none'),
  dashboards: optional(
    'how dashboards get into a Grafana of others',
    scalar.choice(dashboardDeliveries),
    'grafana-operator',
  ),
  grafana: labels('the labels of the Grafanas to which grafana-operator gives them', 'dashboards: grafana'),
});

export const delivery = section('how the objects get into the cluster', {
  kind: required('by lookout apply, or as files that others apply', scalar.choice(['apply', 'files'])),
  gitops: optional('who applies the files', scalar.choice(['flux', 'argocd']), 'a person'),
  source: optional(
    'where they find the directory, for the object that tells them',
    section('where the directory is found', {
      repository: required('flux: the name of the GitRepository; argocd: the URL of the repository', scalar.repository),
      path: required('the directory with the objects, below the root of the repository', scalar.path),
      revision: optional('argocd: branch, tag or commit', scalar.revision, gitDefaults.revision),
      namespace: optional(
        'where the object lies',
        scalar.label,
        `${gitDefaults.namespace.flux}, with argocd ${gitDefaults.namespace.argocd}`,
      ),
    }),
    'no such object is made',
  ),
  sops: optional(
    'for whom sops encrypts the Secrets among the files',
    list('recipients of age', scalar.ageRecipient).min(1, { error: 'at least one recipient of age' }),
    'they are not written',
  ),
});

export function storage(component: StoredComponent) {
  return optional(
    'in a cluster: the claim with its data',
    section('the claim with its data', {
      size: optional('its size', scalar.size, `${claimSizes[component] / 1024 ** 3}Gi`),
      class: optional('its storage class', scalar.objectName, "the cluster's default"),
      claim: optional('a claim that exists already and is used instead', scalar.objectName, 'one is made'),
    }),
  );
}

export const images = section('where images come from', {
  registry: optional(
    'the registry and path that stand before every image instead of its own',
    scalar.registry,
    "the images' own registries",
  ),
  pullSecrets: optional('the Secrets with which they are pulled', list('names of Secrets', scalar.objectName), 'none'),
});
