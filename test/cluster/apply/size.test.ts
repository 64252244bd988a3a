import { expect, test } from 'vitest';
import { destroyStack } from '../../../provision/cluster/apply/destroy.ts';
import { thisProcess } from '../../../provision/cluster/lease/holder.ts';
import { kubectl } from '../support/kubectl.ts';
import { actions, applyAll, clusterOfTests, configMap, namespaceOfTest, placeOf, secret } from './support.ts';

const cluster = clusterOfTests();

const destroy = (namespace: string, deleteData: boolean, lines: string[] = []) =>
  destroyStack(cluster, {
    place: placeOf(namespace),
    deleteData,
    holder: thisProcess(process.pid),
    patience: 60_000,
    now: Date.now,
    signal: new AbortController().signal,
    report: (line) => lines.push(line),
  });

test('five hundred objects are applied, found unchanged, and removed', { timeout: 300_000 }, async () => {
  const namespace = namespaceOfTest();
  const objects = Array.from({ length: 500 }, (_, index) => configMap(namespace, `map-${index}`));
  expect((await applyAll(cluster, namespace, objects)).result.kind).toBe('done');
  expect(actions((await applyAll(cluster, namespace, objects)).plan)).toEqual([]);
  expect(await destroy(namespace, false)).toEqual([]);
  expect(kubectl(['get', 'configmap,lease', `--namespace=${namespace}`, '--output=name'])).toBe(
    'configmap/kube-root-ca.crt\n',
  );
});

test('a destroy keeps data and tells with which command it goes; asked for, it goes too', {
  timeout: 300_000,
}, async () => {
  const namespace = namespaceOfTest();
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  };
  await applyAll(cluster, namespace, [configMap(namespace, 'a'), secret(namespace, 'login', 'x'), claim]);
  const staying = await destroy(namespace, false);
  expect(staying.map(({ reason }) => reason).toSorted()).toEqual([
    `kubectl delete persistentvolumeclaim data --namespace ${namespace} removes it`,
    `kubectl delete secret login --namespace ${namespace} removes it`,
  ]);
  const names = () => kubectl(['get', 'configmap,secret,pvc,lease', `--namespace=${namespace}`, '--output=name']);
  expect(names()).toContain('persistentvolumeclaim/data\n');
  expect(names()).not.toContain('configmap/a\n');
  expect(await destroy(namespace, true)).toEqual([]);
  expect(names()).toBe('configmap/kube-root-ca.crt\n');
});
