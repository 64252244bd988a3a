import { expect, test } from 'vitest';
import type { KubernetesObject } from '../../../k8s/types.ts';
import type { LiveObject } from '../../../provision/cluster/client/types.ts';
import { kubectl, kubectlJson } from '../support/kubectl.ts';
import { actions, applyAll, clusterOfTests, namespaceOfTest } from './support.ts';

const cluster = clusterOfTests();

const ours = { 'app.kubernetes.io/managed-by': 'lookout', 'app.kubernetes.io/instance': 'shop' };

function settings(
  namespace: string,
  data: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = ours,
): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace, labels }, data };
}

function live(namespace: string): LiveObject {
  return kubectlJson<LiveObject>('get', 'configmap', 'settings', `--namespace=${namespace}`, '--show-managed-fields');
}

const owners = (namespace: string) => live(namespace).metadata.managedFields?.map(({ manager }) => manager);

test.each(['apply', 'create'])(
  'what kubectl %s wrote passes to Lookout when that is asked for, and only then',
  async (verb) => {
    const namespace = namespaceOfTest();
    kubectl([verb, '--filename=-'], JSON.stringify(settings(namespace, { kept: '1', changed: 'old', dropped: '3' })));
    const wanted = [settings(namespace, { kept: '1', changed: 'new' })];
    const manager = verb === 'apply' ? 'kubectl-client-side-apply' : 'kubectl-create';

    const refused = await applyAll(cluster, namespace, wanted);
    expect(refused.result.kind).toBe('refused');
    expect(refused.lines.join('\n')).toContain(
      `.data.changed is "old", wanted "new"; it belongs to a person with ${manager}`,
    );
    expect(refused.lines.join('\n')).toContain(
      `it was written with kubectl before (${manager}): --adopt makes Lookout the owner of those fields`,
    );
    expect(owners(namespace)).toEqual([manager]);

    const adopted = await applyAll(cluster, namespace, wanted, { adopt: true });
    expect(adopted.result.kind).toBe('done');
    expect(adopted.lines.join('\n')).toContain('what the environment does not have goes: .data.dropped');
    expect(live(namespace)['data']).toEqual({ kept: '1', changed: 'new' });
    expect(live(namespace).metadata.annotations).toBeUndefined();
    expect(owners(namespace)).toEqual(['lookout']);
    expect(actions((await applyAll(cluster, namespace, wanted, { adopt: true })).plan)).toEqual([]);
  },
);

test('equal values pass too, so that what the environment drops later goes', async () => {
  const namespace = namespaceOfTest();
  kubectl(['apply', '--filename=-'], JSON.stringify(settings(namespace, { a: '1', b: '2' })));
  await applyAll(cluster, namespace, [settings(namespace, { a: '1', b: '2' })], { adopt: true });
  await applyAll(cluster, namespace, [settings(namespace, { a: '1' })]);
  expect(live(namespace)['data']).toEqual({ a: '1' });
});

test("nothing of somebody else's passes: neither another stack's object, nor what a person patched", async () => {
  const namespace = namespaceOfTest();
  const theirs = settings(namespace, { a: 'theirs' }, { ...ours, 'app.kubernetes.io/instance': 'another' });
  kubectl(['apply', '--filename=-'], JSON.stringify(theirs));
  const wanted = [settings(namespace, { a: '1' })];
  const foreign = await applyAll(cluster, namespace, wanted, { adopt: true });
  expect([foreign.result.kind, live(namespace)['data']]).toEqual(['refused', { a: 'theirs' }]);

  kubectl(['apply', '--filename=-'], JSON.stringify(settings(namespace, { a: '1' })));
  const patch = ['configmap', 'settings', `--namespace=${namespace}`, '--type=merge', '-p', '{"data":{"a":"patched"}}'];
  kubectl(['patch', ...patch]);
  const patched = await applyAll(cluster, namespace, wanted, { adopt: true });
  expect([patched.result.kind, live(namespace)['data']]).toEqual(['refused', { a: 'patched' }]);
  expect(patched.lines.join('\n')).toContain('it belongs to a person with kubectl-patch');
});
