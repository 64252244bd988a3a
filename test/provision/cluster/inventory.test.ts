import { expect, test } from 'vitest';
import type { LiveObject } from '../../../provision/cluster/client/types.ts';
import { applySetId, asMember, parentAnnotations } from '../../../provision/cluster/inventory/applyset.ts';
import { afterApply, beforeApply } from '../../../provision/cluster/inventory/entries.ts';
import { objectId, parseId } from '../../../provision/cluster/inventory/id.ts';
import { whyKept } from '../../../provision/cluster/inventory/prune.ts';
import { stageOf } from '../../../provision/cluster/kinds.ts';

const place = { namespace: 'shop', name: 'lookout-shop', version: '1.2.3' };
const id = applySetId(place);
const map = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } });
const claim = { ...map('data'), kind: 'PersistentVolumeClaim' };
const web = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'web' } };

function live(object: typeof map extends (name: string) => infer Item ? Item : never, more: object = {}): LiveObject {
  const metadata = {
    uid: 'u1',
    resourceVersion: '1',
    creationTimestamp: '',
    labels: { 'applyset.kubernetes.io/part-of': id },
  };
  return { ...object, metadata: { ...object.metadata, ...metadata, ...more } };
}

test.each([
  { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
  { apiVersion: 'v1', kind: 'Namespace', name: 'shop' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'system:lookout:reader' },
])('an object is found again by its id: $kind', (reference) => {
  expect(parseId(objectId(reference), 'v1')).toEqual(reference);
});

test('what holds data carries no label by which a tool would prune it', () => {
  expect(asMember(map('a'), id).metadata.labels).toEqual({ 'applyset.kubernetes.io/part-of': id });
  expect(asMember(claim, id)).toBe(claim);
});

test('the parent tells the kinds and the other namespaces of its members, sorted', () => {
  expect(parentAnnotations(place, [web, map('a'), claim])).toEqual({
    'applyset.kubernetes.io/tooling': 'lookout/v1.2.3',
    'applyset.kubernetes.io/contains-group-kinds': 'ConfigMap,Deployment.apps',
    'applyset.kubernetes.io/additional-namespaces': 'web',
  });
});

test('everything that may exist is listed before it is made, and only what exists afterwards', () => {
  const old = afterApply([live(map('a'))], []);
  expect(old).toEqual([{ id: 'shop_a__ConfigMap', version: 'v1', uid: 'u1', state: 'applied' }]);
  expect(beforeApply(old, [map('b')]).map(({ id: one, state }) => `${one} ${state}`)).toEqual([
    'shop_a__ConfigMap applied',
    'shop_b__ConfigMap pending',
  ]);
});

test.each([
  ['of this stack', {}, ''],
  ['without the label', { labels: {} }, 'it no longer carries the label of this stack: somebody else has taken it'],
  ['made again by somebody', { uid: 'u2' }, 'it is another object of the same name, which somebody else made'],
  ['with an owner', { ownerReferences: [{ kind: 'Shop', name: 'x' }] }, 'it belongs to Shop x'],
  [
    'marked for Helm',
    { annotations: { 'helm.sh/resource-policy': 'keep' } },
    'its annotation helm.sh/resource-policy says so',
  ],
  [
    'marked for Argo CD',
    { annotations: { 'argocd.argoproj.io/sync-options': 'Validate=false,Prune=false' } },
    'its annotation argocd.argoproj.io/sync-options says so',
  ],
])('an object %s is deleted only when it is certainly ours', (_what, more, reason) => {
  const object = live(map('a'), more);
  const entry = { id: 'shop_a__ConfigMap', version: 'v1', uid: 'u1', state: 'applied' as const };
  expect(whyKept({ ...object, name: 'a', namespace: 'shop' }, object, entry, id)).toBe(reason);
});

test('what others need is there first: accounts, rights, settings, workloads, then what is made of them', () => {
  const order = [
    { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor' },
    { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' },
    web,
    claim,
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
    { apiVersion: 'v1', kind: 'ServiceAccount' },
    { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
  ].toSorted((one, other) => stageOf(one) - stageOf(other));
  expect(order.map(({ kind }) => kind)).toEqual([
    'CustomResourceDefinition',
    'ServiceAccount',
    'RoleBinding',
    'PersistentVolumeClaim',
    'Deployment',
    'ServiceMonitor',
    'ValidatingWebhookConfiguration',
  ]);
});
