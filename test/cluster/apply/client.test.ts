import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { applyObject, list, logs, read } from '../../../provision/cluster/client/objects.ts';
import { images } from '../support/images.ts';
import { apply, kubectl, temporaryNamespace } from '../support/kubectl.ts';
import { clusterOfTests } from './support.ts';

const namespace = temporaryNamespace();
const cluster = clusterOfTests();

const script =
  "console.log('started'); require('http').createServer((q, r) => r.end(q.headers.authorization ?? 'none')).listen(8080)";
const pod = {
  kind: 'Pod',
  metadata: { name: 'echo', namespace, labels: { app: 'echo' } },
  spec: {
    containers: [
      {
        name: 'echo',
        image: images().node,
        command: ['node', '-e', script],
        ports: [{ name: 'web', containerPort: 8080 }],
      },
    ],
  },
};
const service = {
  kind: 'Service',
  metadata: { name: 'echo', namespace },
  spec: {
    selector: { app: 'echo' },
    ports: [
      { name: 'http', port: 80, targetPort: 'web' },
      { name: 'shut', port: 81, targetPort: 8081 },
    ],
  },
};

beforeAll(() => {
  apply(pod, service);
  kubectl(['wait', '--for=condition=Ready', 'pod/echo', `--namespace=${namespace}`, '--timeout=90s']);
});

async function forward(kind: 'pod' | 'service', port: number | string) {
  const forwarding = await cluster.portForward(namespace, { kind, name: 'echo' }, port);
  onTestFinished(() => forwarding.close());
  return { forwarding, url: `http://${forwarding.host}:${forwarding.port}/` };
}

test('a port-forward to a Service reaches its pod with the Authorization header, many times at once', async () => {
  const { url } = await forward('service', 80);
  const answers = await Promise.all(
    Array.from({ length: 10 }, async () => (await fetch(url, { headers: { authorization: 'Bearer x' } })).text()),
  );
  expect(new Set(answers)).toEqual(new Set(['Bearer x']));
});

test('a port-forward to a pod takes the name of a port', async () => {
  const { url } = await forward('pod', 'web');
  expect(await (await fetch(url)).text()).toBe('none');
});

test('a port that nobody listens on ends the connection, and the reason is told', async () => {
  const { url, forwarding } = await forward('service', 'shut');
  await expect(fetch(url)).rejects.toThrow();
  await expect.poll(() => forwarding.problem()).toContain('refused');
});

test('a Service, a port and a pod that do not exist are named', async () => {
  const open = (kind: 'pod' | 'service', name: string, port: number) =>
    cluster.portForward(namespace, { kind, name }, port);
  await expect(open('service', 'none', 80)).rejects.toThrow(`there is no Service ${namespace}/none`);
  await expect(open('service', 'echo', 82)).rejects.toThrow(
    `Service ${namespace}/echo has no port 82: it has http, shut`,
  );
  await expect(open('pod', 'none', 80)).rejects.toThrow(`there is no pod ${namespace}/none`);
});

test('the lines of a container are read', async () => {
  expect(await logs(cluster, { namespace, name: 'echo' }, { container: 'echo' })).toBe('started\n');
});

test('an apply names us as the manager, keeps unknown fields out and lists come back as objects', async () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace }, data: { key: 'value' } };
  const { object: stored } = await applyObject(cluster, object);
  expect(stored.metadata.managedFields?.map(({ manager, operation }) => [manager, operation])).toEqual([
    ['lookout', 'Apply'],
  ]);
  const maps = await list(cluster, { apiVersion: 'v1', kind: 'ConfigMap' }, { namespace });
  expect(maps.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toContain('ConfigMap a');
  await expect(applyObject(cluster, { ...object, dat: {} })).rejects.toThrow('.dat: field not declared in schema');
  expect(await read(cluster, { apiVersion: 'v1', kind: 'ConfigMap', name: 'none', namespace })).toBeUndefined();
});
