import { describe, expect, test } from 'vitest';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { images } from '../support/images.ts';
import { kubectl, temporaryNamespace } from '../support/kubectl.ts';
import { type Applied, applyAll, clusterOfTests, configMap, namespaceOfTest, secret, workload } from './support.ts';

const cluster = clusterOfTests();

/** The one line that an apply ends with about one object, and the lines of its container. */
async function unready(namespace: string, ...objects: readonly KubernetesObject[]) {
  const applied = await applyAll(cluster, namespace, objects, { patience: 100_000 });
  const { result } = applied;
  if (result.kind !== 'unready') throw new Error(`ended as ${result.kind}: ${applied.lines.join('\n')}`);
  return { applied, text: result.unready[0]?.text ?? '', log: result.unready.flatMap(({ log }) => log) };
}

const claimed = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] };
const claim = (namespace: string, storageClassName: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace },
  spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
});

describe.concurrent('a pod that cannot start is explained in one line with the next command', () => {
  const home = () => temporaryNamespace();
  const homes = Array.from({ length: 8 }, home);
  const home_ = (index: number) => homes[index] ?? '';

  test('an image that does not exist', { timeout: 180_000 }, async () => {
    const namespace = home_(0);
    const image = 'localhost:1/lookout/none:1';
    const { text } = await unready(namespace, workload('Deployment', namespace, 'web', { image }));
    expect(text).toMatch(
      /^0 of 1 available: pod web-\S+: container main: the image localhost:1\/lookout\/none:1 cannot be pulled: .*, for \d+ s; see kubectl describe pod web-\S+ --namespace/,
    );
  });

  test('an image that may not be pulled', { timeout: 180_000 }, async () => {
    const namespace = home_(1);
    const container = { imagePullPolicy: 'Never' };
    const { text } = await unready(
      namespace,
      workload('StatefulSet', namespace, 'store', { image: 'lookout.local/none:1', container }),
    );
    expect(text).toMatch(
      /^0 of 1 ready: pod store-0: container main: the image lookout.local\/none:1 cannot be pulled: .*not present/,
    );
  });

  test('a claim whose class does not exist', { timeout: 180_000 }, async () => {
    const namespace = home_(2);
    const { text } = await unready(
      namespace,
      claim(namespace, 'none'),
      workload('Deployment', namespace, 'web', { pod: claimed }),
    );
    expect(text).toMatch(/pod web-\S+: the claim data is not bound \(class none\): .*"none" not found/);
  });

  test('a claim that does not exist', { timeout: 180_000 }, async () => {
    const namespace = home_(3);
    const { text } = await unready(namespace, workload('Deployment', namespace, 'web', { pod: claimed }));
    expect(text).toMatch(/pod web-\S+: the claim data does not exist, for 3\d s/);
  });

  test('a program that ends again and again, with what it wrote, secrets taken out', { timeout: 180_000 }, async () => {
    const namespace = home_(4);
    const script =
      "console.log('begin'); console.error('cannot open the store with', process.env.PASSWORD); process.exit(3)";
    const env = [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } }];
    // Without a probe Kubernetes calls it available for the moment in which it runs.
    const readinessProbe = { exec: { command: ['false'] } };
    const crashing = workload('Deployment', namespace, 'web', { script, container: { env, readinessProbe } });
    const { text, log, applied } = await unready(namespace, secret(namespace, 'login', 'canary-in-the-log'), crashing);
    expect(text).toMatch(
      /container main: ended with exit code 3, \d+ times.*; see kubectl logs web-\S+ --container main/,
    );
    // What comes by two streams at once may be written down in either order.
    expect(log.toSorted()).toEqual(['begin', 'cannot open the store with (hidden)']);
    expect(everything(applied)).not.toContain('canary');
  });

  test('a Secret that its environment names and that is not there', { timeout: 180_000 }, async () => {
    const namespace = home_(5);
    const env = [{ name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'nowhere', key: 'password' } } }];
    const { text } = await unready(namespace, workload('Deployment', namespace, 'web', { container: { env } }));
    expect(text).toMatch(/container main: cannot be made: secret "nowhere" not found, for 3\d s/);
  });

  test('a command that does not exist', { timeout: 180_000 }, async () => {
    const namespace = home_(6);
    const { text } = await unready(
      namespace,
      workload('Deployment', namespace, 'web', { container: { command: ['none'] } }),
    );
    expect(text).toMatch(/container main: cannot be started: .*none/);
  });

  test('a ConfigMap that it mounts and that is not there', { timeout: 180_000 }, async () => {
    const namespace = home_(7);
    const pod = { volumes: [{ name: 'config', configMap: { name: 'nowhere' } }] };
    const container = { volumeMounts: [{ name: 'config', mountPath: '/config' }] };
    const { text } = await unready(namespace, workload('DaemonSet', namespace, 'agent', { pod, container }));
    expect(text).toMatch(/pod agent-\S+: .*configmap "nowhere" not found, for 3\d s/);
  });
});

test('a program without a probe that ends after a moment is not taken for ready in the moment', {
  timeout: 180_000,
}, async () => {
  const namespace = namespaceOfTest();
  const script = "console.log('no store'); setTimeout(() => process.exit(3), 3000)";
  const { text, log } = await unready(namespace, workload('Deployment', namespace, 'web', { script }));
  expect(text).toMatch(
    /pod web-\S+: container main: (runs again, but )?ended with exit code 3, \d+ times.*; see kubectl logs web-\S+ --container main/,
  );
  expect(log).toEqual(['no store']);
});

function everything({ lines, result, plan }: Applied): string {
  return JSON.stringify([
    lines,
    result.kind === 'unready' ? result.unready : [],
    plan.changes.map(({ differences, notes }) => ({ differences, notes })),
  ]);
}

test('pods that Pod Security refuses are a problem of the plan, before anything is written', async () => {
  const namespace = namespaceOfTest({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  const { result, lines } = await applyAll(cluster, namespace, [
    workload('Deployment', namespace, 'web'),
    configMap(namespace, 'a'),
  ]);
  expect(result.kind).toBe('refused');
  expect(lines.join('\n')).toMatch(
    /✗ Deployment \S+: its pods would be refused: would violate PodSecurity "restricted:latest"/,
  );
  expect(kubectl(['get', 'deployment,configmap', `--namespace=${namespace}`, '--output=name'])).toBe(
    'configmap/kube-root-ca.crt\n',
  );
});

test('a StatefulSet whose first pod never started becomes ready once it is corrected', {
  timeout: 180_000,
}, async () => {
  const namespace = namespaceOfTest();
  const container = { imagePullPolicy: 'Never' };
  await unready(namespace, workload('StatefulSet', namespace, 'store', { image: 'lookout.local/none:1', container }));
  const fixed = await applyAll(cluster, namespace, [
    workload('StatefulSet', namespace, 'store', { image: images().node, container }),
  ]);
  expect(fixed.result.kind).toBe('done');
  expect(fixed.lines).toContain(
    `pod ${namespace}/store-0 is of an older revision and never became ready: deleted, so that the new one can start`,
  );
});

test('an update that waits is told with what it waits for, and what is ready with the time', async () => {
  const namespace = namespaceOfTest();
  const readinessProbe = {
    exec: {
      command: [
        'node',
        '-e',
        'process.exit(process.uptime() < 0 ? 0 : require("fs").existsSync("/tmp/ready") ? 0 : 1)',
      ],
    },
    periodSeconds: 1,
  };
  const script = 'setTimeout(() => require("fs").writeFileSync("/tmp/ready", ""), 4000); setInterval(() => {}, 1000)';
  const { result, lines } = await applyAll(cluster, namespace, [
    workload('Deployment', namespace, 'web', { script, container: { readinessProbe } }),
  ]);
  expect(result.kind).toBe('done');
  expect(lines.join('\n')).toMatch(
    /Deployment \S+\/web: 0 of 1 available: pod web-\S+: container main: runs, but Readiness probe failed/,
  );
  expect(lines.at(-1)).toMatch(/^Deployment \S+\/web: ready \(\d+ s\)$/);
});

test('what takes too long is told with its last cause', async () => {
  const namespace = namespaceOfTest();
  const huge = { resources: { requests: { cpu: '1000' } } };
  const { result } = await applyAll(
    cluster,
    namespace,
    [workload('Deployment', namespace, 'web', { container: huge })],
    { patience: 3000 },
  );
  expect(result).toMatchObject({
    kind: 'unready',
    unready: [
      {
        text: expect.stringMatching(
          /^not ready within 3 s: 0 of 1 available: pod web-\S+: has no node: .*Insufficient cpu/,
        ),
      },
    ],
  });
});
