import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../k8s/types.ts';
import type { LiveObject } from '../../../provision/cluster/client/types.ts';
import { apply, kubectl, kubectlJson, temporaryNamespace } from '../support/kubectl.ts';
import { actions, applyAll, clusterOfTests, workload } from './support.ts';

const cluster = clusterOfTests();
const namespace = temporaryNamespace();
/** The class of the test node, once as it is and once allowing claims to ask for more. */
const growing = `${namespace}-growing`;
const fixed = `${namespace}-fixed`;

beforeAll(() => {
  const { items } = kubectlJson<{ items: readonly (KubernetesObject & { provisioner: string })[] }>(
    'get',
    'storageclass',
  );
  const provisioner = items[0]?.provisioner ?? '';
  const storageClass = (name: string, allowVolumeExpansion: boolean) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner,
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion,
  });
  apply(storageClass(growing, true), storageClass(fixed, false));
});
afterAll(() => void kubectl(['delete', 'storageclass', growing, fixed]));

/** A StatefulSet with a claim from a template. */
function store(name: string, storageClassName: string, storage: string): KubernetesObject {
  const spec = { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } };
  const container = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };
  const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec }];
  return workload('StatefulSet', namespace, name, { container }, { volumeClaimTemplates });
}

interface Claim extends LiveObject {
  readonly spec: { readonly resources: { readonly requests: { readonly storage: string } } };
}

const claim = (name: string) => kubectlJson<Claim>('get', 'pvc', name, `--namespace=${namespace}`);
const uidOf = (kind: string, name: string) =>
  kubectlJson<LiveObject>('get', kind, name, `--namespace=${namespace}`).metadata.uid;

test('a larger template grows the claims first, then the set is made anew while its pod goes on', async () => {
  await applyAll(cluster, namespace, [store('grown', growing, '1Mi')]);
  const pod = uidOf('pod', 'grown-0');
  const set = uidOf('statefulset', 'grown');
  const { result, plan, lines } = await applyAll(cluster, namespace, [store('grown', growing, '2Mi')]);
  expect(result.kind, lines.join('\n')).toBe('done');
  expect(actions(plan)).toEqual(['grow PersistentVolumeClaim/data-grown-0', 'orphan StatefulSet/grown']);
  expect(lines.join('\n')).toContain(
    'spec.volumeClaimTemplates cannot be changed: it is deleted and created while its pods go on',
  );
  expect(lines).toContain('    spec.resources.requests.storage: "1Mi" -> "2Mi"');
  expect(claim('data-grown-0').spec.resources.requests.storage).toBe('2Mi');
  expect(uidOf('pod', 'grown-0')).toBe(pod);
  expect(uidOf('statefulset', 'grown')).not.toBe(set);
  expect(actions((await applyAll(cluster, namespace, [store('grown', growing, '2Mi')])).plan)).toEqual([]);
});

test('a claim that cannot grow, or is to shrink, is told before anything is written', async () => {
  await applyAll(cluster, namespace, [store('kept', fixed, '2Mi')], { agreed: true });
  const larger = await applyAll(cluster, namespace, [store('kept', fixed, '4Mi')]);
  expect(larger.result.kind).toBe('refused');
  expect(larger.lines.join('\n')).toMatch(
    /✗ PersistentVolumeClaim \S+\/data-kept-0: .*storageclass.* must support resize.*copy the data to a larger claim/,
  );
  const smaller = await applyAll(cluster, namespace, [store('kept', fixed, '1Mi')]);
  expect(smaller.result.kind).toBe('refused');
  expect(smaller.lines.join('\n')).toContain('a claim never shrinks, and it has 2Mi: ask for 2Mi or more');
  expect(claim('data-kept-0').spec.resources.requests.storage).toBe('2Mi');
});

test('claims keep the class in which they were made', async () => {
  await applyAll(cluster, namespace, [store('moved', fixed, '1Mi')], { agreed: true });
  const { result, lines } = await applyAll(cluster, namespace, [store('moved', growing, '1Mi')]);
  expect(result.kind).toBe('refused');
  expect(lines.join('\n')).toContain(`data-moved-0: it is of class ${fixed}, and a claim never changes its class`);
});
