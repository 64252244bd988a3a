import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { manifests } from '../../../k8s/index.ts';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { buildOutputs } from '../../../provision/build/outputs.ts';
import type { Probe, Stack } from '../../../stack/types.ts';
import { operatorStacks } from '../../k8s/operator/stacks.ts';
import { productionStack } from '../../support/stacks.ts';
import { reachPod } from '../k8s/reach.ts';
import { images } from '../support/images.ts';
import { apply, temporaryNamespace } from '../support/kubectl.ts';
import { hasOperator, home } from './install.ts';

const namespace = temporaryNamespace();
const token = 'the-token-of-the-probe-test';

beforeAll(() => {
  expect(hasOperator()).toBe(true);
});

/** Answers `/prometheus` for this token only, whatever the query says. */
const application = `
  require('node:http').createServer(({ url, headers }, response) => {
    const isOurs = new URL(url, 'http://x').pathname === '/prometheus' && headers.authorization === 'Bearer ${token}';
    response.writeHead(isOurs ? 200 : 401, { 'content-type': 'text/plain' }).end(isOurs ? 'answers 1\\n' : '');
  }).listen(8080);`;

const target = `shop.${namespace}.svc:8080`;

/** Both are applied before either is waited for: the operator's Prometheus gets a new configuration once a minute. */
beforeAll(() => {
  const labels = { app: 'shop' };
  const container = { name: 'shop', image: images().node, command: ['node', '-e', application] };
  const probes = built('operator').filter(({ kind }) => kind === 'Probe');
  expect(probes).toHaveLength(productionStack.probes.length);
  const prober = built('operator').filter(
    ({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === 'blackbox-exporter',
  );
  expect(prober.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Service', 'NetworkPolicy', 'Deployment']);
  apply(
    { kind: 'Pod', metadata: { name: 'shop', namespace, labels }, spec: { containers: [container] } },
    { kind: 'Service', metadata: { name: 'shop', namespace }, spec: { selector: labels, ports: [{ port: 8080 }] } },
    {
      kind: 'Secret',
      metadata: { name: 'lookout-credentials', namespace },
      stringData: { 'application-shop-token': token },
    },
    ...built('operator-openshift').filter(({ kind, metadata }) => kind === 'Probe' && metadata.name === 'lookout-shop'),
    ...prober,
    ...probes,
  );
});

function built(name: string): readonly KubernetesObject[] {
  const base = operatorStacks[name]!;
  const probes = base.probes.map((probe) => ({ ...probe, kind: 'tcp' as const, target, interval: 5, giveUp: 5 }));
  const stack: Stack = { ...base, namespace, probes, cluster: { ...base.cluster!, namespace } };
  return manifests(stack, buildOutputs(stack)).objects;
}

test('an application that a Probe stands for, as on OpenShift, is scraped with its token and under its name', async () => {
  expect(await asked(`answers{namespace="${namespace}"}`)).toEqual({
    __name__: 'answers',
    application: 'shop',
    instance: target,
    job: 'shop',
    namespace,
  });
}, 300_000);

test('the probes of a stack are asked through its blackbox exporter, under their names', async () => {
  const [{ name: probe }] = productionStack.probes as readonly [Probe];
  expect(await asked(`probe_success{namespace="${namespace}",probe="${probe}"} == 1`)).toEqual({
    __name__: 'probe_success',
    instance: target,
    job: 'lookout-probes',
    namespace,
    probe,
  });
}, 300_000);

/** The labels of the first series of a query, as soon as the Prometheus of the operator has one. */
async function asked(query: string): Promise<Readonly<Record<string, string>>> {
  const prometheus = await reachPod(home, 'pod/prometheus-main-0', 9090);
  for (;;) {
    const response = await prometheus.ask(`/api/v1/query?query=${encodeURIComponent(query)}`, null);
    const { data } = (await response.json()) as {
      data: { result: readonly { metric: Readonly<Record<string, string>> }[] };
    };
    if (data.result[0] !== undefined) return data.result[0].metric;
    await sleep(1000);
  }
}
