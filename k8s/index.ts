import type { OutputFile, Stack } from '../stack/types.ts';
import { alertmanager } from './alertmanager.ts';
import { blackbox } from './blackbox.ts';
import type { ComponentSource, Context, ObjectSource, Rendered } from './component.ts';
import { secretPlans } from './credentials.ts';
import { databaseComponents } from './databases.ts';
import { exporterApi } from './exporter-api.ts';
import { exporterCode } from './exporter-code.ts';
import { exporterNode } from './exporter-node.ts';
import { finish } from './finish.ts';
import { grafana } from './grafana.ts';
import { jaeger } from './jaeger.ts';
import { kubeStateMetrics } from './kube-state-metrics.ts';
import { nodeExporter } from './node-exporter.ts';
import { operatorObjects } from './operator/index.ts';
import { otelCollector } from './otel-collector.ts';
import { prometheus } from './prometheus.ts';
import type { Manifests } from './types.ts';

/** Everything that can be installed, in the order in which it is worth a look. */
export const components: readonly ComponentSource[] = [
  prometheus,
  alertmanager,
  grafana,
  exporterCode,
  exporterApi,
  exporterNode,
  kubeStateMetrics,
  nodeExporter,
  otelCollector,
  jaeger,
  blackbox,
  ...databaseComponents,
];

/**
 * Everything of a stack that a cluster gets: the components that its environment installs, and what operators of the cluster
 * are to read. Pure: the same input gives the same objects in the same order. Nothing on one machine.
 *
 * @param files the outputs of the rooms.
 * @param bundle the exporter as one JavaScript file; without it the ConfigMap with its code is left out.
 */
export function manifests(stack: Stack, files: readonly OutputFile[], bundle?: string): Manifests {
  const { cluster } = stack;
  if (cluster === null) return { objects: [], secrets: [] };
  const context: Context = { stack, cluster, files, bundle };
  const rendered = sources(context).map((source) => ({ source, ...source.render(context) }));
  return {
    objects: rendered.flatMap(({ source, objects }) => objects.map((object) => finish(object, source.name, context))),
    secrets: secretPlans(mounted(rendered), stack, cluster.namespace),
  };
}

function sources({ cluster }: Context): readonly ObjectSource[] {
  const installed = components.filter(({ component }) => cluster.components[component].kind === 'install');
  return cluster.flavour === 'operator' ? [...installed, ...operatorObjects] : installed;
}

function mounted(rendered: readonly Rendered[]) {
  return rendered.flatMap(({ secrets }) => secrets);
}
