import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { read } from '../../../provision/cluster/client/objects.ts';
import type { LiveObject } from '../../../provision/cluster/client/types.ts';
import { applySetId } from '../../../provision/cluster/inventory/applyset.ts';
import { temporaryFolder } from '../../exporter/support/folder.ts';
import { apply, kubectl, kubectlJson } from '../support/kubectl.ts';
import { actions, applyAll, clusterOfTests, configMap, namespaceOfTest, placeOf, secret, workload } from './support.ts';

const cluster = clusterOfTests();

const get = (kind: string, name: string, namespace: string) =>
  kubectlJson<LiveObject & Record<string, never>>('get', kind, name, `--namespace=${namespace}`);

test('a second apply changes nothing, and a drift is repaired while fields of others stay', async () => {
  const namespace = namespaceOfTest();
  const objects = [
    configMap(namespace, 'settings', { 'a.json': '{"limit":1}' }),
    secret(namespace, 'login', 'canary-value'),
    workload('Deployment', namespace, 'web'),
  ];
  const first = await applyAll(cluster, namespace, objects);
  expect(first.result.kind).toBe('done');
  expect(actions(first.plan)).toEqual(['create ConfigMap/settings', 'create Secret/login', 'create Deployment/web']);
  const versions = () =>
    objects.map(({ kind, metadata }) => get(kind, metadata.name, namespace).metadata.resourceVersion);
  const before = versions();
  const second = await applyAll(cluster, namespace, objects);
  expect([second.result.kind, actions(second.plan), versions()]).toEqual(['done', [], before]);

  kubectl([
    'patch',
    'configmap',
    'settings',
    `--namespace=${namespace}`,
    '--type=merge',
    '-p',
    '{"data":{"a.json":"{\\"limit\\":2}","foreign":"kept"}}',
  ]);
  const plan = await applyAll(cluster, namespace, objects);
  expect(plan.result.kind).toBe('refused');
  expect(plan.lines.join('\n')).toContain(
    'conflict: .data.a.json is "{\\"limit\\":2}", wanted "{\\"limit\\":1}"; it belongs to a person with kubectl-patch (Update',
  );
  expect(plan.lines.join('\n')).toContain('data["a.json"] limit: 2 -> 1');
  const taken = await applyAll(cluster, namespace, objects, { take: ({ name }) => name === 'settings' });
  expect(taken.result.kind).toBe('done');
  expect(get('configmap', 'settings', namespace)['data']).toEqual({ 'a.json': '{"limit":1}', foreign: 'kept' });
  expect([first, second, plan, taken].flatMap(({ lines }) => lines).join('\n')).not.toMatch(/canary|Y2FuYXJ5/);
});

test('what somebody removed is put back', async () => {
  const namespace = namespaceOfTest();
  const objects = [configMap(namespace, 'a', { one: '1', two: '2' }), configMap(namespace, 'b')];
  await applyAll(cluster, namespace, objects);
  kubectl(['patch', 'configmap', 'a', `--namespace=${namespace}`, '--type=merge', '-p', '{"data":{"one":null}}']);
  kubectl(['delete', 'configmap', 'b', `--namespace=${namespace}`]);
  const { plan, lines } = await applyAll(cluster, namespace, objects);
  expect(actions(plan)).toEqual(['update ConfigMap/a', 'create ConfigMap/b']);
  expect(lines).toContain('    data.one: added "1"');
  expect(get('configmap', 'a', namespace)['data']).toEqual({ one: '1', two: '2' });
});

test('what the stack no longer has is deleted, but never data, and never what others took', async () => {
  const namespace = namespaceOfTest();
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  };
  const kept = configMap(namespace, 'kept');
  const all = [
    kept,
    configMap(namespace, 'gone'),
    configMap(namespace, 'taken'),
    configMap(namespace, 'marked'),
    secret(namespace, 'login', 'x'),
    claim,
  ];
  await applyAll(cluster, namespace, all);
  kubectl(['label', 'configmap', 'taken', `--namespace=${namespace}`, 'applyset.kubernetes.io/part-of-']);
  kubectl(['annotate', 'configmap', 'marked', `--namespace=${namespace}`, 'helm.sh/resource-policy=keep']);
  const { result, plan, lines } = await applyAll(cluster, namespace, [kept]);
  expect(result.kind).toBe('done');
  expect(actions(plan).toSorted()).toEqual([
    'delete ConfigMap/gone',
    'keep ConfigMap/marked',
    'keep ConfigMap/taken',
    'keep PersistentVolumeClaim/data',
    'keep Secret/login',
  ]);
  expect(lines).toContain(
    `  stays  Secret ${namespace}/login: it may hold data; to remove it: kubectl delete secret login --namespace ${namespace}`,
  );
  const names = kubectl(['get', 'configmap,secret,pvc', `--namespace=${namespace}`, '--output=name'])
    .trim()
    .split('\n');
  expect(names.toSorted()).toEqual([
    'configmap/kept',
    'configmap/kube-root-ca.crt',
    'configmap/lookout-shop',
    'configmap/marked',
    'configmap/taken',
    'persistentvolumeclaim/data',
    'secret/login',
  ]);
  expect(actions((await applyAll(cluster, namespace, [kept])).plan)).not.toContain('delete ConfigMap/gone');
});

test('deleting most of what there is needs a word', async () => {
  const namespace = namespaceOfTest();
  const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => configMap(namespace, name));
  await applyAll(cluster, namespace, all);
  const { result } = await applyAll(cluster, namespace, all.slice(0, 1));
  expect(result).toMatchObject({ kind: 'refused', reason: expect.stringContaining('5 of 6 objects would be deleted') });
  expect((await applyAll(cluster, namespace, all.slice(0, 1), { agreed: true })).result.kind).toBe('done');
});

test('a replica count that an autoscaler or a person set by scale is a conflict with its subresource', async () => {
  const namespace = namespaceOfTest();
  const web = workload('Deployment', namespace, 'web', {}, { replicas: 1 });
  await applyAll(cluster, namespace, [web]);
  kubectl(['scale', 'deployment', 'web', `--namespace=${namespace}`, '--replicas=2']);
  const { result, plan } = await applyAll(cluster, namespace, [web, configMap(namespace, 'new')]);
  expect(result.kind).toBe('refused');
  expect(plan.changes.flatMap(({ conflicts }) => conflicts)).toMatchObject([
    { path: '.spec.replicas', live: 2, wanted: 1, manager: 'kubectl', operation: 'scale' },
  ]);
  expect(await read(cluster, { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'new' })).toBeUndefined();
});

test('objects in a namespace and of a kind that come with the same apply are tried once those are there', async () => {
  const suffix = namespaceOfTest().slice(-8);
  const namespace = `lookout-test-made-${suffix}`;
  const group = `g${suffix}.lookout.test`;
  const schema = {
    openAPIV3Schema: {
      type: 'object',
      properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } },
    },
  };
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `boxes.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'boxes', kind: 'Box' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
  const home = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  const box = (size: unknown) => ({
    apiVersion: `${group}/v1`,
    kind: 'Box',
    metadata: { name: 'one', namespace },
    spec: { size },
  });
  try {
    const { result, plan, lines } = await applyAll(cluster, namespace, [
      box(1),
      configMap(namespace, 'a'),
      definition,
      home,
    ]);
    expect(result.kind).toBe('done');
    expect(lines.join('\n')).toContain('tried once that is there');
    expect(actions(plan)).toEqual(['create ConfigMap/a', 'create Box/one']);
    const wrong = await applyAll(cluster, namespace, [box('big'), configMap(namespace, 'a'), definition, home]);
    expect(wrong.result.kind).toBe('refused');
    expect(wrong.lines.join('\n')).toContain('spec.size');
  } finally {
    kubectl(['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found']);
    kubectl(['delete', 'crd', `boxes.${group}`, '--ignore-not-found']);
  }
});

test('a kind that nobody serves and a namespace that is not there are named before anything is written', async () => {
  const namespace = namespaceOfTest();
  const odd = { apiVersion: 'nobody.example/v1', kind: 'Odd', metadata: { name: 'x', namespace } };
  const { result, lines } = await applyAll(cluster, namespace, [odd, configMap('lookout-nowhere', 'a')]);
  expect(result.kind).toBe('refused');
  expect(lines.join('\n')).toContain(`✗ Odd ${namespace}/x: the cluster does not know Odd of nobody.example/v1`);
  expect(lines.join('\n')).toContain('there is no namespace lookout-nowhere: kubectl create namespace lookout-nowhere');
  const away = await applyAll(cluster, 'lookout-nowhere', [configMap('lookout-nowhere', 'a')]);
  expect(away.result.kind).toBe('refused');
});

test('an immutable ConfigMap, a Job and a binding are deleted and created; a selector and a claim are refused with the reason', async () => {
  const namespace = namespaceOfTest();
  const job = (image: string) => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once', namespace },
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image, command: ['node', '-e', '0'] }] } },
    },
  });
  const binding = (name: string) => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'binding', namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
  });
  const fixed = (value: string) => ({ ...configMap(namespace, 'fixed', { value }), immutable: true });
  const claim = (storageClassName: string) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace },
    spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Mi' } } },
  });
  const image = workload('Deployment', namespace, 'web');
  const node = (image['spec'] as { template: { spec: { containers: { image: string }[] } } }).template.spec
    .containers[0]!.image;
  await applyAll(cluster, namespace, [fixed('1'), job(node), binding('view')]);
  const { result, plan } = await applyAll(cluster, namespace, [
    fixed('2'),
    { ...job(node), spec: { ...job(node).spec, completions: 2 } },
    binding('edit'),
  ]);
  expect(result.kind).toBe('done');
  expect(actions(plan)).toEqual(['replace RoleBinding/binding', 'replace ConfigMap/fixed', 'replace Job/once']);
  expect(get('rolebinding', 'binding', namespace)['roleRef']).toMatchObject({ name: 'edit' });

  await applyAll(cluster, namespace, [image, claim('one')], { agreed: true });
  const other = {
    ...image,
    spec: {
      ...(image['spec'] as object),
      selector: { matchLabels: { app: 'other' } },
      template: { ...(image['spec'] as { template: object }).template, metadata: { labels: { app: 'other' } } },
    },
  };
  const refused = await applyAll(cluster, namespace, [other, claim('two')]);
  expect(refused.result.kind).toBe('refused');
  const text = refused.lines.join('\n');
  expect(text).toContain('its selector cannot be changed');
  expect(text).toContain('a claim can only grow');
});

test('the inventory is an ApplySet as kubectl reads it, and one of a newer Lookout or of another tool is left alone', async () => {
  const namespace = namespaceOfTest();
  await applyAll(cluster, namespace, [
    configMap(namespace, 'a'),
    workload('Deployment', namespace, 'web', {}, { replicas: 0 }),
  ]);
  const { metadata } = get('configmap', 'lookout-shop', namespace);
  expect(metadata.annotations).toEqual({
    'applyset.kubernetes.io/tooling': 'lookout/v1.2.3',
    'applyset.kubernetes.io/contains-group-kinds': 'ConfigMap,Deployment.apps',
  });
  const id = metadata.labels?.['applyset.kubernetes.io/id'];
  expect(get('configmap', 'a', namespace).metadata.labels).toEqual({ 'applyset.kubernetes.io/part-of': id });
  const own = join(temporaryFolder(), 'own.json');
  writeFileSync(own, JSON.stringify(configMap(namespace, 'theirs')));
  const { kubeconfig, context } = inject('cluster');
  const args = [`--kubeconfig=${kubeconfig}`, `--context=${context}`, `--namespace=${namespace}`, `--filename=${own}`];
  const kubectlSet = ['apply', '--server-side', '--prune', '--applyset=configmap/kubectls', ...args];
  execFileSync('kubectl', kubectlSet, { env: { ...process.env, KUBECTL_APPLYSET: 'true' } });
  const theirs = get('configmap', 'kubectls', namespace).metadata.labels?.['applyset.kubernetes.io/id'];
  expect(theirs).toBe(applySetId({ namespace, name: 'kubectls' }));
  const { namespace: _, name } = placeOf(namespace);
  kubectl(['patch', 'configmap', name, `--namespace=${namespace}`, '--type=merge', '-p', '{"data":{"format":"2"}}']);
  await expect(applyAll(cluster, namespace, [])).rejects.toThrow('which is newer: use that version');
  kubectl([
    'annotate',
    'configmap',
    name,
    `--namespace=${namespace}`,
    '--overwrite',
    'applyset.kubernetes.io/tooling=kubectl/v1.34',
  ]);
  await expect(applyAll(cluster, namespace, [])).rejects.toThrow('is not an inventory of Lookout but of kubectl/v1.34');
});

test('an object that is being deleted is applied once it is gone', async () => {
  const namespace = namespaceOfTest();
  const held = {
    ...configMap(namespace, 'held'),
    metadata: { name: 'held', namespace, finalizers: ['lookout.test/hold'] },
  };
  apply(held);
  kubectl(['delete', 'configmap', 'held', `--namespace=${namespace}`, '--wait=false']);
  setTimeout(
    () =>
      kubectl([
        'patch',
        'configmap',
        'held',
        `--namespace=${namespace}`,
        '--type=merge',
        '-p',
        '{"metadata":{"finalizers":null}}',
      ]),
    1500,
  );
  const { result } = await applyAll(cluster, namespace, [configMap(namespace, 'held', { new: 'yes' })]);
  expect(result.kind).toBe('done');
  expect(get('configmap', 'held', namespace)['data']).toEqual({ new: 'yes' });
});
