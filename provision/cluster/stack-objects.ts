import type { Own } from '../../dashboards/types.ts';
import { manifests } from '../../k8s/index.ts';
import type { KubernetesObject } from '../../k8s/types.ts';
import type { Stack } from '../../stack/types.ts';
import { bundleExporter } from '../build/exporter/bundle.ts';
import { buildOutputs } from '../build/outputs.ts';
import type { Cluster } from './client/types.ts';
import { secretObjects } from './credentials/secrets.ts';
import type { InventoryPlace } from './inventory/types.ts';

export interface StackSources {
  readonly cluster: Cluster;
  readonly stack: Stack;
  /** What its environment adds. */
  readonly own: Own;
  /** Of the operator's machine: where `{env}` secrets are read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Root of the checkout or installation: the exporter's code. */
  readonly root: string;
}

/** Everything that a cluster is to have of a stack. Secrets are looked up at each call: what is there is kept. */
export async function stackObjects({
  cluster,
  stack,
  own,
  env,
  root,
}: StackSources): Promise<() => Promise<readonly KubernetesObject[]>> {
  const installs = stack.cluster?.components.exporter.kind === 'install';
  const bundle = installs ? Buffer.from(await bundleExporter(root)).toString() : undefined;
  const { objects, secrets } = manifests(stack, buildOutputs(stack, own), bundle);
  return async () => [...objects, ...(await secretObjects({ cluster, stack, plans: secrets, env }))];
}

/** Where the inventory and the lease of a stack lie. */
export function inventoryPlace(stack: Stack, version: string): InventoryPlace {
  return { namespace: stack.cluster?.namespace ?? stack.namespace, name: `lookout-stack-${stack.name}`, version };
}
