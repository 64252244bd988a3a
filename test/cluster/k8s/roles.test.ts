import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Explanation } from '../../../exporter/server/explain.ts';
import type { Stack } from '../../../stack/types.ts';
import { until } from '../../exporter/support/exporter.ts';
import { apply, kubectl, kubectlJson, temporaryNamespace } from '../support/kubectl.ts';
import { install, rolledOut, secretValue } from './install.ts';
import { reachPod, targets } from './reach.ts';
import { stackIn } from './stacks.ts';

/** Host paths and user 0 are refused elsewhere. */
const namespace = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'privileged' });
/** Its TLS Secrets are discovered; a CronJob of the platform runs in it. */
const other = temporaryNamespace();
/** A directory that every node has. */
const directory = '/etc/ssl';

const plain = stackIn(namespace);
const cluster = plain.cluster!;
const stack: Stack = {
  ...plain,
  backups: [
    {
      name: 'dump',
      directory,
      claim: null,
      pattern: 'dump_%Y%m%d.gz',
      engine: 'files',
      schedule: '0 3 * * *',
      timezone: 'UTC',
      clock: 'UTC',
      expectedInterval: null,
      grace: 3600,
      settle: 60,
      retention: null,
      ignore: ['*'],
      others: [],
      cronJob: { namespace: other, name: 'dump' },
      cleanup: { namespace: other, name: 'dump-cleanup' },
    },
  ],
  volumes: [
    { name: 'system', namespace, directory, claim: null, requested: null },
    { name: 'data', namespace: other, directory: null, claim: 'data', requested: null },
  ],
  certificates: {
    ...plain.certificates,
    secrets: [{ name: 'web', namespace, secret: 'web-tls' }],
    discover: { namespaces: [other] },
  },
  exporter: {
    ...plain.exporter,
    node: { address: 'lookout-exporter-node:9480', mounts: [{ kind: 'host', path: directory }], nodes: {} },
  },
  cluster: {
    ...cluster,
    components: { ...cluster.components, alertmanager: { kind: 'none' }, grafana: { kind: 'none' } },
  },
};

beforeAll(async () => {
  for (const name of ['dump', 'dump-cleanup']) apply(cronJob(name));
  apply({
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: other },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  });
  await install(stack);
  rolledOut(
    namespace,
    'deployment/lookout-exporter',
    'daemonset/lookout-exporter-node',
    'statefulset/lookout-prometheus',
  );
});

afterAll(() => {
  const name = `${namespace}-lookout-exporter`;
  kubectl(['delete', 'clusterrole,clusterrolebinding', name, '--ignore-not-found']);
});

describe('the two roles of the exporter', () => {
  test('are both scraped: the one by its Service, the other by the address of each of its pods', async () => {
    const prometheus = await reachPod(namespace, 'pod/lookout-prometheus-0', 9090);
    const exporters = async () =>
      (await targets(prometheus, secretValue('prometheus-password'))).filter((line) =>
        line.startsWith('lookout-exporter'),
      );
    await until(async () => (await exporters()).join() === 'lookout-exporter up,lookout-exporter up');
    expect(await exporters()).toHaveLength(2);
  });

  test('have the rights for all that is declared: nothing is forbidden', async () => {
    const sources = await explained('deployment/lookout-exporter');
    expect(sources.length).toBeGreaterThan(3);
    expect(sources.filter(({ reason }) => reason === 'permission_denied')).toEqual([]);
  });

  test('have not one right more: what is beside the declared is refused', () => {
    const account = `system:serviceaccount:${namespace}:lookout-exporter`;
    const may = (verb: string, resource: string, where: string) => {
      try {
        return kubectl(['auth', 'can-i', verb, resource, `--namespace=${where}`, `--as=${account}`]).trim();
      } catch {
        return 'no';
      }
    };
    expect(may('get', 'secrets/web-tls', namespace)).toBe('yes');
    expect(may('get', 'secrets/lookout-credentials', namespace)).toBe('no');
    expect(may('list', 'secrets', namespace)).toBe('no');
    expect(may('list', 'secrets', other)).toBe('yes');
    expect(may('get', 'cronjobs.batch/dump', other)).toBe('yes');
    expect(may('patch', 'cronjobs.batch/dump', other)).toBe('no');
    expect(may('get', 'nodes/proxy', namespace)).toBe('no');
    expect(may('create', 'pods', namespace)).toBe('no');
  });

  test('read directories of others without a token and may not write', async () => {
    const sources = await explained('daemonset/lookout-exporter-node');
    expect(sources.map(({ collector }) => collector).sort()).toEqual(['backups', 'volumes']);
    const [pod] = kubectlJson<{ items: readonly { metadata: { name: string } }[] }>(
      'get',
      'pods',
      '--selector=app.kubernetes.io/name=lookout-exporter-node',
      `--namespace=${namespace}`,
    ).items;
    const script = `
      const fs = require('node:fs');
      const tried = (work) => { try { work(); return 'done'; } catch ({ code }) { return code; } };
      console.log(
        /CapEff:\\s*(\\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1],
        tried(() => fs.writeFileSync('${directory}/written', '')),
        tried(() => fs.writeFileSync('/written', '')),
        tried(() => fs.readdirSync('/var/run/secrets/kubernetes.io')),
      );`;
    const printed = kubectl(['exec', pod!.metadata.name, `--namespace=${namespace}`, '--', 'node', '-e', script]);
    expect(printed.trim()).toBe('0000000000000004 EROFS EROFS ENOENT');
  });
});

async function explained(target: string): Promise<readonly Explanation[]> {
  const exporter = await reachPod(namespace, target, 9480);
  const ask = async () => (await exporter.bearer('/explain', secretValue('scrape-token'))).json();
  return ((await ask()) as { sources: readonly Explanation[] }).sources;
}

function cronJob(name: string): object {
  const container = { name: 'work', image: 'nowhere.example.com/none:1' };
  const pod = { restartPolicy: 'Never', containers: [container] };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace: other },
    spec: { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec: { template: { spec: pod } } } },
  };
}
