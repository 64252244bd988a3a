import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { manifests } from '../../../k8s/index.ts';
import { buildOutputs } from '../../../provision/build/outputs.ts';
import type { Stack } from '../../../stack/types.ts';
import { operatorStacks } from '../../k8s/operator/stacks.ts';
import { reachPod } from '../k8s/reach.ts';
import { images, loadImages } from '../support/images.ts';
import { apply, temporaryNamespace } from '../support/kubectl.ts';
import { hasOperator, home } from './install.ts';

const namespace = temporaryNamespace();
const token = 'the-token-of-the-probe-test';

beforeAll(() => {
  expect(hasOperator()).toBe(true);
  loadImages();
});

/** Answers `/prometheus` for this token only, whatever the query says. */
const application = `
  require('node:http').createServer(({ url, headers }, response) => {
    const isOurs = new URL(url, 'http://x').pathname === '/prometheus' && headers.authorization === 'Bearer ${token}';
    response.writeHead(isOurs ? 200 : 401, { 'content-type': 'text/plain' }).end(isOurs ? 'answers 1\\n' : '');
  }).listen(8080);`;

test('an application that a Probe stands for, as on OpenShift, is scraped with its token and under its name', async () => {
  const base = operatorStacks['operator-openshift']!;
  const stack: Stack = { ...base, namespace, cluster: { ...base.cluster!, namespace } };
  const probe = manifests(stack, buildOutputs(stack)).objects.find(({ kind }) => kind === 'Probe');
  const labels = { app: 'shop' };
  const container = { name: 'shop', image: images().node, command: ['node', '-e', application] };
  apply(
    { kind: 'Pod', metadata: { name: 'shop', namespace, labels }, spec: { containers: [container] } },
    { kind: 'Service', metadata: { name: 'shop', namespace }, spec: { selector: labels, ports: [{ port: 8080 }] } },
    {
      kind: 'Secret',
      metadata: { name: 'lookout-credentials', namespace },
      stringData: { 'application-shop-token': token },
    },
    probe!,
  );
  const prometheus = await reachPod(home, 'pod/prometheus-main-0', 9090);
  const answer = async () => {
    const response = await prometheus.ask(
      `/api/v1/query?query=${encodeURIComponent(`answers{namespace="${namespace}"}`)}`,
      null,
    );
    const { data } = (await response.json()) as {
      data: { result: readonly { metric: Readonly<Record<string, string>> }[] };
    };
    return data.result[0]?.metric;
  };
  while ((await answer()) === undefined) await sleep(1000);
  expect(await answer()).toEqual({
    __name__: 'answers',
    application: 'shop',
    instance: `shop.${namespace}.svc:8080`,
    job: 'shop',
    namespace,
  });
}, 300_000);
