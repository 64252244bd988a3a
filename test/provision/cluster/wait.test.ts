import { expect, test } from 'vitest';
import type { LiveObject } from '../../../provision/cluster/client/types.ts';
import { explain } from '../../../provision/cluster/wait/explain.ts';
import { stateOf } from '../../../provision/cluster/wait/readiness.ts';
import { redactor } from '../../../provision/cluster/wait/redact.ts';
import { lastingState } from '../../../provision/cluster/wait/steady.ts';
import type { Pod } from '../../../provision/cluster/wait/types.ts';

function live(
  apiVersion: string,
  kind: string,
  status: object,
  more: { spec?: object; metadata?: object } = {},
): LiveObject {
  const metadata = {
    name: 'x',
    namespace: 'shop',
    uid: 'u',
    resourceVersion: '1',
    creationTimestamp: '',
    generation: 2,
  };
  return { apiVersion, kind, metadata: { ...metadata, ...more.metadata }, spec: more.spec ?? {}, status };
}

const seen = { observedGeneration: 2 };
const condition = (type: string, value: string, more: object = {}) => ({
  conditions: [{ type, status: value, ...more }],
});

test.each<[string, LiveObject, string, string]>([
  [
    'a change that its controller has not seen',
    live('apps/v1', 'Deployment', { observedGeneration: 1 }),
    'waiting',
    'its controller has not seen the change yet',
  ],
  [
    'a deletion that a finalizer holds',
    live('v1', 'ConfigMap', {}, { metadata: { deletionTimestamp: 'now', finalizers: ['a/b'] } }),
    'waiting',
    'is being deleted, held by a/b',
  ],
  [
    'a Deployment with old pods',
    live('apps/v1', 'Deployment', { ...seen, replicas: 2, updatedReplicas: 1, availableReplicas: 2 }),
    'waiting',
    '1 old to end',
  ],
  [
    'a Deployment without progress',
    live('apps/v1', 'Deployment', {
      ...seen,
      ...condition('Progressing', 'False', { reason: 'ProgressDeadlineExceeded' }),
    }),
    'failed',
    '0 of 1 available, and no progress for too long',
  ],
  [
    'a Deployment that is whole',
    live('apps/v1', 'Deployment', { ...seen, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }),
    'ready',
    '',
  ],
  [
    'a StatefulSet of two revisions',
    live('apps/v1', 'StatefulSet', {
      ...seen,
      readyReplicas: 1,
      availableReplicas: 1,
      updatedReplicas: 1,
      currentRevision: 'a',
      updateRevision: 'b',
    }),
    'waiting',
    '1 of 1 updated',
  ],
  [
    'a DaemonSet without a node',
    live('apps/v1', 'DaemonSet', { ...seen, desiredNumberScheduled: 0 }),
    'ready',
    'no node matches it',
  ],
  ['a Job that runs', live('batch/v1', 'Job', {}), 'waiting', '0 completed'],
  [
    'a Job that failed',
    live('batch/v1', 'Job', condition('Failed', 'True', { message: 'too often' })),
    'failed',
    'failed: too often',
  ],
  [
    'a definition that is not served',
    live('apiextensions.k8s.io/v1', 'CustomResourceDefinition', {}),
    'waiting',
    'is not served yet',
  ],
  [
    'a custom resource that is stalled',
    live('x.example/v1', 'Thing', condition('Stalled', 'True', { message: 'no source' })),
    'failed',
    'no source',
  ],
  ['a custom resource without conditions', live('x.example/v1', 'Thing', {}), 'ready', ''],
])('%s', (_what, object, phase, text) => {
  expect(stateOf(object)).toEqual({ phase, text });
});

test('values of Secrets, as text, encoded and line by line, are taken out of what others wrote', () => {
  const data = { password: btoa('canary-one'), tokens: btoa('canary-two\ncanary-three\n'), short: btoa('no') };
  const redact = redactor([{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' }, data }]);
  const text = `no ${atob(data.password)} ${data.password} canary-three, canary-two`;
  expect(redact(text)).toBe('no (hidden) (hidden) (hidden), (hidden)');
});

const now = Date.parse('2026-11-21T12:00:00Z');
const set = live('apps/v1', 'StatefulSet', seen);

/** A ready pod of the set whose container has run for some seconds. */
function running(since: number, container: object = {}, readinessProbe?: object): Pod {
  const status = {
    name: 'main',
    image: 'x',
    ready: true,
    restartCount: 0,
    state: { running: { startedAt: new Date(now - since * 1000).toISOString() } },
    ...container,
  };
  return {
    ...live('v1', 'Pod', { ...condition('Ready', 'True'), containerStatuses: [status] }),
    metadata: {
      name: 'x-0',
      namespace: 'shop',
      uid: 'p',
      resourceVersion: '1',
      creationTimestamp: '',
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'x', uid: 'u', controller: true }],
    },
    spec: { containers: [{ name: 'main', ...(readinessProbe === undefined ? {} : { readinessProbe }) }] },
  };
}

const ended = { restartCount: 3, lastState: { terminated: { exitCode: 3, reason: 'Error' } } };

test.each<[string, Pod, 'ready' | 'waiting']>([
  ['runs for a second, and its probe says ready', running(1, {}, {}), 'ready'],
  ['runs for a second, and nothing asks it', running(1), 'waiting'],
  ['runs for ten seconds, and nothing asks it', running(10), 'ready'],
  ['was started again ten seconds ago', running(10, ended, {}), 'waiting'],
  ['was started again half a minute ago', running(30, ended, {}), 'ready'],
  ['was started again by a clock an hour ahead', running(-3600, ended, {}), 'ready'],
])('a ready workload whose pod %s counts by whether that lasts', (_what, pod, phase) => {
  const scene = { pods: [pod], replicaSets: [], claims: [], events: [] };
  expect(lastingState(set, { phase: 'ready', text: '' }, scene, now).phase).toBe(phase);
});

test('a pod that runs again is explained by what ended it, with the command that shows its last words', () => {
  const scene = { pods: [running(10, ended, {})], replicaSets: [], claims: [], events: [] };
  expect(explain(set, scene, now)).toEqual({
    text: 'pod x-0: container main: runs again, but ended with exit code 3, 4 times',
    ends: 'never',
    command: 'kubectl logs x-0 --container main --previous --namespace shop',
    logOf: { pod: 'x-0', container: 'main', previous: true },
  });
});
