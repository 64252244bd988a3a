import { beforeAll, describe, expect, test } from 'vitest';
import { image } from '../../../k8s/images.ts';
import type { Manifests } from '../../../k8s/types.ts';
import { until } from '../../exporter/support/exporter.ts';
import { apply, kubectl, temporaryNamespace } from '../support/kubectl.ts';
import { placeFakeGrafana } from '../support/mirror.ts';
import { install, podState, rolledOut, secretValue } from './install.ts';
import { queryValue, type Reached, reachPod, targets } from './reach.ts';
import { stackIn } from './stacks.ts';

/** Everything but the exporter's role `node` claims to be restricted. */
const namespace = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
const stack = stackIn(namespace);
const password = { prometheus: secretValue('prometheus-password'), alertmanager: secretValue('alertmanager-password') };
let built: Manifests;

beforeAll(async () => {
  placeFakeGrafana(image('grafana', stack, stack.cluster!));
  built = await install(stack);
  rolledOut(
    namespace,
    'statefulset/lookout-prometheus',
    'statefulset/lookout-alertmanager',
    'statefulset/lookout-grafana',
    'deployment/lookout-exporter',
  );
});

describe('a stack in a namespace that enforces restricted Pod Security', () => {
  test('has all its targets up, each by its credentials', async () => {
    const prometheus = await reachPod(namespace, 'pod/lookout-prometheus-0', 9090);
    const up = ['lookout-alertmanager up', 'lookout-exporter up', 'lookout-prometheus up'];
    await until(async () => (await targets(prometheus, password.prometheus)).join() === up.join());
    expect(await targets(prometheus, password.prometheus)).toEqual(up);
  });

  test('answers nobody without credentials', async () => {
    const prometheus = await reachPod(namespace, 'pod/lookout-prometheus-0', 9090);
    const alertmanager = await reachPod(namespace, 'pod/lookout-alertmanager-0', 9093);
    const exporter = await reachPod(namespace, 'deployment/lookout-exporter', 9480);
    const asked = [
      prometheus.ask('/api/v1/query?query=up', null),
      prometheus.ask('/api/v1/query?query=up', 'another'),
      alertmanager.ask('/api/v2/status', null),
      exporter.ask('/prometheus', null),
    ];
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([401, 401, 401, 401]);
  });

  test('holds no value of a secret but in its Secret: not in an object, a command or a log', () => {
    const pods = ['--selector=app.kubernetes.io/instance=cluster-test', `--namespace=${namespace}`];
    const logs = kubectl(['logs', ...pods, '--all-containers', '--tail=-1']);
    const live = kubectl(['get', 'pods,statefulsets,deployments', `--namespace=${namespace}`, '--output=yaml']);
    const everything = live + logs + JSON.stringify(built.objects);
    expect(live).toContain('lookout-prometheus-0');
    expect(logs).toContain('Server is ready to receive web requests');
    expect(Object.keys(stack.secrets).filter((name) => everything.includes(secretValue(name)))).toEqual([]);
  });
});

describe('a changed configuration', () => {
  test('is read by Prometheus and Alertmanager without a restart', async () => {
    const before = ['lookout-prometheus-0', 'lookout-alertmanager-0'].map((pod) => podState(namespace, pod));
    const prometheus = await reachPod(namespace, 'pod/lookout-prometheus-0', 9090);
    const alertmanager = await reachPod(namespace, 'pod/lookout-alertmanager-0', 9093);
    change('lookout-prometheus', 'prometheus.yml', (text) =>
      text.replace('environment: cluster-test', 'environment: changed'),
    );
    change('lookout-alertmanager', 'alertmanager.yml', (text) => text.replace('group_wait: 30s', 'group_wait: 31s'));
    await until(async () =>
      (await (await prometheus.ask('/api/v1/status/config', password.prometheus)).text()).includes(
        'environment: changed',
      ),
    );
    await until(async () =>
      (await (await alertmanager.ask('/api/v2/status', password.alertmanager)).text()).includes('group_wait: 31s'),
    );
    const after = ['lookout-prometheus-0', 'lookout-alertmanager-0'].map((pod) => podState(namespace, pod));
    expect(after).toEqual(before);
  });

  test('that Alertmanager refuses leaves it running with the one before', async () => {
    const alertmanager = await reachPod(namespace, 'pod/lookout-alertmanager-0', 9093);
    const before = podState(namespace, 'lookout-alertmanager-0');
    change('lookout-alertmanager', 'alertmanager.yml', (text) => `${text}nonsense: true\n`);
    await until(async () =>
      (await (await alertmanager.ask('/metrics', password.alertmanager)).text()).includes(
        'alertmanager_config_last_reload_successful 0',
      ),
    );
    expect((await alertmanager.ask('/api/v2/status', password.alertmanager)).status).toBe(200);
    expect(podState(namespace, 'lookout-alertmanager-0')).toEqual(before);
    change('lookout-alertmanager', 'alertmanager.yml', (text) => `${text}# as before\n`);
    await until(async () =>
      (await (await alertmanager.ask('/metrics', password.alertmanager)).text()).includes(
        'alertmanager_config_last_reload_successful 1',
      ),
    );
  });
});

describe('the claims', () => {
  test('keep the series of Prometheus and the silences of Alertmanager when their pods are lost', async () => {
    const prometheus = await reachPod(namespace, 'pod/lookout-prometheus-0', 9090);
    const recorded = 'count_over_time(up{job="lookout-prometheus"}[1h])';
    await until(async () => (await queryValue(prometheus, password.prometheus, recorded)) >= 5);
    const before = await queryValue(prometheus, password.prometheus, recorded);
    const id = await silence(await reachPod(namespace, 'pod/lookout-alertmanager-0', 9093));
    kubectl(['delete', 'pod', 'lookout-prometheus-0', 'lookout-alertmanager-0', `--namespace=${namespace}`]);
    rolledOut(namespace, 'statefulset/lookout-prometheus', 'statefulset/lookout-alertmanager');
    const [again, alertmanager] = await Promise.all([
      reachPod(namespace, 'pod/lookout-prometheus-0', 9090),
      reachPod(namespace, 'pod/lookout-alertmanager-0', 9093),
    ]);
    expect(await queryValue(again, password.prometheus, recorded)).toBeGreaterThanOrEqual(before);
    const kept = await alertmanager.ask(`/api/v2/silence/${id}`, password.alertmanager);
    expect(await kept.json()).toMatchObject({ id, status: { state: 'active' } });
  });
});

describe('a second token of the exporter', () => {
  test('is valid beside the first without a restart', async () => {
    const exporter = await reachPod(namespace, 'deployment/lookout-exporter', 9480);
    const both = `${secretValue('scrape-token')}\nthe-next-one`;
    kubectl([
      'patch',
      'secret',
      'lookout-credentials',
      `--namespace=${namespace}`,
      `--patch=${JSON.stringify({ data: { 'scrape-tokens': Buffer.from(both).toString('base64') } })}`,
    ]);
    const status = async (token: string) => (await exporter.bearer('/prometheus', token)).status;
    await until(async () => (await status('the-next-one')) === 200);
    expect(await status(secretValue('scrape-token'))).toBe(200);
    expect(await status('another')).toBe(401);
  });
});

/** Applies a ConfigMap of the stack with one file changed. */
function change(name: string, key: string, edit: (text: string) => string): void {
  const object = built.objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)!;
  const data = object['data'] as Record<string, string>;
  const edited = edit(data[key]!);
  expect(edited).not.toBe(data[key]);
  apply({ ...object, data: { ...data, [key]: edited } });
}

/** Silences an alert that nobody has; gives the silence's id. */
async function silence({ post }: Reached): Promise<string> {
  const matchers = [{ name: 'alertname', value: 'Nothing', isRegex: false }];
  const [startsAt, endsAt] = [0, 3_600_000].map((later) => new Date(Date.now() + later).toISOString());
  const wanted = { matchers, startsAt, endsAt, createdBy: 'test', comment: 'test' };
  const answer = await post('/api/v2/silences', password.alertmanager, wanted);
  return ((await answer.json()) as { silenceID: string }).silenceID;
}
