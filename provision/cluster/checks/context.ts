import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { KubernetesObject, Manifests } from '../../../k8s/types.ts';
import type { OutputFile, Stack } from '../../../stack/types.ts';
import type { CheckContext } from '../../checks/check.ts';
import type { Cluster } from '../client/types.ts';
import type { Data } from '../credentials/stored.ts';
import { claimsOf } from './claims.ts';
import { configurationOf } from './configuration.ts';
import { keptCredentials } from './credentials.ts';
import { operatedObjects } from './operated.ts';
import type { Reach } from './reach.ts';
import {
  applicationService,
  eachAlertmanager,
  eachPrometheus,
  exporterAddresses,
  exporterService,
  grafanaService,
  prometheusService,
} from './services.ts';

/** A stack in a cluster, and the ways to it. */
export interface ClusterStack {
  readonly stack: Stack;
  /** What its build gives now. */
  readonly outputs: readonly OutputFile[];
  readonly manifests: Manifests;
  readonly cluster: Cluster;
  readonly reach: Reach;
}

/** The context of the checks for a stack in a cluster. */
export async function clusterContext(
  { stack, outputs, manifests, cluster, reach }: ClusterStack,
  now: () => number,
): Promise<CheckContext> {
  const { values, views } = await keptCredentials({ cluster, plans: manifests.secrets }, stack);
  const grafana = stack.cluster?.components.grafana.kind === 'install';
  return {
    stack,
    outputs,
    prometheus: prometheusService(stack, reach, values),
    prometheuses: eachPrometheus(stack, reach, values),
    alertmanagers: eachAlertmanager(stack, reach, values),
    exporters: exporterAddresses(stack, manifests).map((address) => exporterService(stack, address, reach, values)),
    grafana: grafana ? grafanaService(stack, reach, values) : null,
    applications: applicationServices(stack, reach, values),
    inbox: null,
    configuration: () => configurationOf(cluster, manifests),
    claims: () => claimsOf(cluster, manifests),
    operated: () => operatedObjects(cluster, manifests),
    credentials: views,
    dataDirectory: dataDirectory(manifests.objects),
    now,
    sleep: (milliseconds) => setTimeout(milliseconds),
    nonce: randomBytes(6).toString('hex'),
  };
}

/** Those behind a Service of the cluster, by plain HTTP: the others cannot be reached from here as Prometheus does. */
function applicationServices({ applications }: Stack, reach: Reach, values: Data): CheckContext['applications'] {
  const services = applications.flatMap(({ name, metrics }) =>
    metrics !== null && metrics.scheme === 'http' && isService(metrics.address)
      ? [[name, applicationService(name, metrics, reach, values)] as const]
      : [],
  );
  return Object.fromEntries(services);
}

function isService(address: string): boolean {
  return /^[a-z0-9-]+(\.[a-z0-9-]+(\.svc(\.cluster\.local)?)?)?:\d+$/.test(address);
}

/** Where the built Prometheus keeps its data, by its own argument. */
function dataDirectory(objects: readonly KubernetesObject[]): string {
  return /"--storage\.tsdb\.path=([^"]+)"/.exec(JSON.stringify(objects))?.[1] ?? '';
}
