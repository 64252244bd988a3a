import { readFileSync } from 'node:fs';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { applyStack } from '../../../provision/cluster/apply/apply.ts';
import { openCluster } from '../../../provision/cluster/client/cluster.ts';
import { thisProcess } from '../../../provision/cluster/lease/holder.ts';

/** One apply as a process of its own, so that a test can kill it: kubeconfig, context, namespace, file with the objects. */
const [kubeconfig = '', context = '', namespace = '', file = ''] = process.argv.slice(2);
const objects = JSON.parse(readFileSync(file, 'utf8')) as readonly KubernetesObject[];
const signal = new AbortController().signal;
const write = (line: string) => void process.stdout.write(`${line}\n`);
const cluster = openCluster({ context, env: { KUBECONFIG: kubeconfig }, now: Date.now, signal, report: write });
const result = await applyStack(cluster, {
  objects: async () => objects,
  place: { namespace, name: 'lookout-shop', version: '1.2.3' },
  take: () => false,
  agreed: true,
  holder: thisProcess(process.pid),
  patience: 120_000,
  now: Date.now,
  signal,
  report: write,
  showPlan: () => {},
});
write(result.kind);
await cluster.close();
