import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../k8s/types.ts';
import type { Entry } from '../../../provision/cluster/inventory/types.ts';
import { kubectlJson, temporaryNamespace } from '../support/kubectl.ts';
import { startApply } from './process.ts';
import { type CountingProxy, countingProxy } from './proxy.ts';
import { applyAll, clusterOfTests, configMap, secret, workload } from './support.ts';

const cluster = clusterOfTests();
const namespace = temporaryNamespace();
let proxy: CountingProxy;
beforeAll(async () => {
  proxy = await countingProxy();
});
afterAll(() => proxy.close());

const role = (name: string) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: 'binding', namespace },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
  subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
});
const service = (port: number) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace },
  spec: { selector: { app: 'web' }, ports: [{ name: 'http', port }] },
});
const set = (policy: string) =>
  workload('StatefulSet', namespace, 'store', {}, { replicas: 0, podManagementPolicy: policy });

/** From one to the other something is created, updated, deleted, replaced and replaced while its pods go on. */
const before: readonly KubernetesObject[] = [
  configMap(namespace, 'same'),
  configMap(namespace, 'changed', { version: '1' }),
  configMap(namespace, 'gone'),
  { ...configMap(namespace, 'fixed', { version: '1' }), immutable: true },
  secret(namespace, 'login', 'first'),
  service(80),
  role('view'),
  set('OrderedReady'),
];
const after: readonly KubernetesObject[] = [
  configMap(namespace, 'same'),
  configMap(namespace, 'changed', { version: '2' }),
  configMap(namespace, 'new'),
  { ...configMap(namespace, 'fixed', { version: '2' }), immutable: true },
  secret(namespace, 'login', 'second'),
  service(81),
  role('edit'),
  set('Parallel'),
  workload('Deployment', namespace, 'web', {}, { replicas: 0 }),
];

interface Items {
  readonly items: readonly (KubernetesObject & {
    readonly data?: Readonly<Record<string, string>>;
    readonly spec?: object;
  })[];
}

/** Everything that an apply decides, without what the server makes up. */
function state() {
  const kinds = 'configmaps,secrets,services,rolebindings,statefulsets,deployments';
  const { items } = kubectlJson<Items>('get', kinds, `--namespace=${namespace}`);
  return items
    .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
    .map(({ kind, metadata: { name, labels }, data, spec, ...rest }) => {
      const shown = name === 'lookout-shop' ? inventory(data) : data;
      return { kind, name, labels, data: shown, spec: withoutAddress(spec), role: rest['roleRef'] };
    });
}

function inventory(data: Readonly<Record<string, string>> = {}) {
  const entries = JSON.parse(data['objects'] ?? '[]') as readonly Entry[];
  return entries.map(({ id, state: how, uid }) => `${id} ${how} ${uid === '' ? 'unknown' : 'known'}`);
}

function withoutAddress(spec: object = {}) {
  const { clusterIP: _one, clusterIPs: _all, ...rest } = spec as Record<string, unknown>;
  return rest;
}

/** An apply that is killed at its n-th request: before that is passed on, or after it was answered and nobody heard it. */
async function killedAt(n: number, moment: 'before' | 'after') {
  const running = startApply(namespace, after, proxy.kubeconfig);
  proxy.watch((count, when) => {
    if (count !== n || when !== moment) return;
    running.kill();
    return new Promise((resolve) => setTimeout(resolve, 50));
  });
  const { output } = await running.ended;
  await proxy.settled();
  proxy.watch(() => {});
  return output;
}

const moments = 20;

test(`killed at any of ${moments} moments and run again, or taken back, an apply ends in the same state`, {
  timeout: 600_000,
}, async () => {
  await applyAll(cluster, namespace, before, { agreed: true });
  const was = state();
  proxy.watch(() => {});
  const whole = await startApply(namespace, after, proxy.kubeconfig).ended;
  expect(whole.output.trim().split('\n').at(-1)).toBe('done');
  const requests = proxy.count();
  const wanted = state();
  expect(requests).toBeGreaterThan(moments);
  expect(JSON.stringify([was, wanted])).not.toMatch(/pending|unknown/);

  for (let index = 0; index < moments; index++) {
    const n = 1 + Math.round((index * (requests - 1)) / (moments - 1));
    const moment = index % 2 === 0 ? 'before' : 'after';
    const told = `killed ${moment} request ${n} of ${requests}`;
    expect((await applyAll(cluster, namespace, before, { agreed: true })).result.kind, told).toBe('done');
    expect(state(), `back after it was ${told}`).toEqual(was);
    expect(await killedAt(n, moment), told).not.toContain('done');
    if (index % 4 > 1) continue;
    expect((await applyAll(cluster, namespace, after, { agreed: true })).result.kind, told).toBe('done');
    expect(state(), told).toEqual(wanted);
  }
});
