import { readFileSync } from 'node:fs';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { applyStack } from '../../../provision/cluster/apply/apply.ts';
import { openCluster } from '../../../provision/cluster/client/cluster.ts';
import { readInventory } from '../../../provision/cluster/inventory/store.ts';
import { thisProcess } from '../../../provision/cluster/lease/holder.ts';
import { hasChanges, makePlan } from '../../../provision/cluster/plan/plan.ts';

/**
 * One apply, or with `plan` one plan, as a process of its own, so that a test can kill it and a benchmark time it: kubeconfig,
 * context, namespace, file with the objects.
 */
const [kubeconfig = '', context = '', namespace = '', file = '', command = 'apply'] = process.argv.slice(2);
const objects = JSON.parse(readFileSync(file, 'utf8')) as readonly KubernetesObject[];
const signal = new AbortController().signal;
const write = (line: string) => void process.stdout.write(`${line}\n`);
const cluster = openCluster({ context, env: { KUBECONFIG: kubeconfig }, now: Date.now, signal, report: write });
const place = { namespace, name: 'lookout-shop', version: '1.2.3' };
const take = () => false;
write(command === 'plan' ? await plan() : await apply());
await cluster.close();

async function plan(): Promise<string> {
  const planned = await makePlan(cluster, {
    objects,
    inventory: await readInventory(cluster, place),
    take,
    adopt: false,
  });
  return hasChanges(planned) ? 'changes' : 'no change';
}

async function apply(): Promise<string> {
  const result = await applyStack(cluster, {
    objects: async () => objects,
    place,
    take,
    adopt: false,
    agreed: true,
    holder: thisProcess(process.pid),
    patience: 120_000,
    now: Date.now,
    signal,
    report: write,
    showPlan: () => {},
  });
  return result.kind;
}
