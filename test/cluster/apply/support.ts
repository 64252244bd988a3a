import { randomBytes } from 'node:crypto';
import { afterAll, inject, onTestFinished } from 'vitest';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { applyStack } from '../../../provision/cluster/apply/apply.ts';
import type { ApplyOptions, ApplyResult } from '../../../provision/cluster/apply/types.ts';
import { openCluster } from '../../../provision/cluster/client/cluster.ts';
import type { Cluster } from '../../../provision/cluster/client/types.ts';
import { thisProcess } from '../../../provision/cluster/lease/holder.ts';
import { renderPlan } from '../../../provision/cluster/plan/render.ts';
import type { Plan } from '../../../provision/cluster/plan/types.ts';
import { images } from '../support/images.ts';
import { apply, kubectl } from '../support/kubectl.ts';

/** The cluster of the tests through our own client, until the test file ends. */
export function clusterOfTests(lines: string[] = [], kubeconfig = inject('cluster').kubeconfig): Cluster {
  const cluster = openCluster({
    context: inject('cluster').context,
    env: { KUBECONFIG: kubeconfig },
    now: Date.now,
    signal: new AbortController().signal,
    report: (line) => lines.push(line),
  });
  afterAll(() => cluster.close());
  return cluster;
}

export interface Applied {
  readonly result: ApplyResult;
  /** Everything that a person would have read. */
  readonly lines: readonly string[];
  readonly plan: Plan;
}

export const placeOf = (namespace: string, name = 'lookout-shop') => ({ namespace, name, version: '1.2.3' });

/** One apply of these objects, as `lookout apply` makes it. */
export async function applyAll(
  cluster: Cluster,
  namespace: string,
  objects: readonly KubernetesObject[],
  options: Partial<ApplyOptions> = {},
): Promise<Applied> {
  const lines: string[] = [];
  const result = await applyStack(cluster, {
    objects: async () => objects,
    place: placeOf(namespace),
    take: () => false,
    adopt: false,
    agreed: false,
    holder: thisProcess(process.pid),
    patience: 60_000,
    now: Date.now,
    signal: new AbortController().signal,
    report: (line) => lines.push(line),
    showPlan: (plan) => lines.push(...planLines(plan)),
    ...options,
  });
  return { result, lines, plan: result.plan };
}

export function planLines(plan: Plan): readonly string[] {
  return renderPlan(plan, { paint: (_, text) => text, command: 'lookout apply shop' });
}

/** A namespace of its own for one test, deleted after it. */
export function namespaceOfTest(labels: Readonly<Record<string, string>> = {}): string {
  const name = `lookout-test-${randomBytes(4).toString('hex')}`;
  apply({ kind: 'Namespace', metadata: { name, labels } });
  onTestFinished(() => void kubectl(['delete', 'namespace', name, '--wait=false']));
  return name;
}

/** What an apply would change: one word and the object per line. */
export function actions({ changes, prunes }: Plan): readonly string[] {
  const changed = changes.filter(({ action }) => action !== 'none');
  return [
    ...changed.map(({ action, reference }) => `${action} ${reference.kind}/${reference.name}`),
    ...prunes.map(({ action, reference }) => `${action} ${reference.kind}/${reference.name}`),
  ];
}

export function configMap(
  namespace: string,
  name: string,
  data: Readonly<Record<string, string>> = { key: name },
): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data };
}

export function secret(namespace: string, name: string, value: string): KubernetesObject {
  const data = { password: Buffer.from(value).toString('base64') };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, data };
}

export interface PodWish {
  readonly image?: string;
  readonly script?: string;
  readonly container?: Readonly<Record<string, unknown>>;
  readonly pod?: Readonly<Record<string, unknown>>;
}

/** A pod template that runs until it is told to end. */
export function podTemplate(name: string, { image, script = 'setInterval(() => {}, 1000)', container, pod }: PodWish) {
  const containers = [{ name: 'main', image: image ?? images().node, command: ['node', '-e', script], ...container }];
  return {
    metadata: { labels: { app: name } },
    spec: { terminationGracePeriodSeconds: 0, automountServiceAccountToken: false, containers, ...pod },
  };
}

export function workload(
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet',
  namespace: string,
  name: string,
  wish: PodWish = {},
  spec: Readonly<Record<string, unknown>> = {},
): KubernetesObject {
  const selector = { matchLabels: { app: name } };
  const service = kind === 'StatefulSet' ? { serviceName: name } : {};
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace },
    spec: { selector, ...service, template: podTemplate(name, wish), ...spec },
  };
}
