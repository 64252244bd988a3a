import type { Component } from '../stack/types.ts';
import type { Context } from './component.ts';
import type { Admission } from './network.ts';
import { selector } from './pod.ts';

/** What `app.kubernetes.io/name` says of the pods of each component. */
export const podNames: Readonly<Record<Component, string>> = {
  prometheus: 'prometheus',
  alertmanager: 'alertmanager',
  grafana: 'grafana',
  exporter: 'lookout-exporter',
  kubeStateMetrics: 'kube-state-metrics',
  nodeExporter: 'node-exporter',
  blackbox: 'blackbox-exporter',
  postgresExporter: 'postgres-exporter',
  mongodbExporter: 'mongodb-exporter',
  redisExporter: 'redis-exporter',
  otelCollector: 'otel-collector',
  jaeger: 'jaeger',
};

export function podsOf({ stack }: Context, component: Component): Readonly<Record<string, string>> {
  return selector(stack, podNames[component]);
}

/**
 * Admits the pods of these components. One that is not ours may be anywhere and have any labels: then everyone gets to the
 * port, which asks for credentials.
 */
export function admit(context: Context, ...components: readonly Component[]): Admission {
  const { components: settings } = context.cluster;
  const isForeign = (component: Component): boolean =>
    settings[component].kind === 'existing' ||
    // Operators run what nobody asks from here.
    (context.cluster.flavour === 'operator' && settings[component].kind === 'none');
  const foreign = components.some(isForeign);
  const ours = components.filter((component) => settings[component].kind === 'install');
  return { port: 'http', from: foreign ? 'anyone' : ours.map((component) => podsOf(context, component)) };
}
