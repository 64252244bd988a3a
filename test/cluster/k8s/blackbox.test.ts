import { beforeAll, expect, test } from 'vitest';
import type { Probe, Stack } from '../../../stack/types.ts';
import { until } from '../../exporter/support/exporter.ts';
import { images } from '../support/images.ts';
import { apply, kubectl, temporaryNamespace } from '../support/kubectl.ts';
import { install, rolledOut, secretValue } from './install.ts';
import { queryValue, reachPod } from './reach.ts';
import { stackIn } from './stacks.ts';

const namespace = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
const labels = { app: 'shop' };

/** Answers everything but `/broken`. */
const shop = `require('node:http').createServer(({ url }, response) => {
  response.writeHead(url === '/broken' ? 503 : 200).end('Log in');
}).listen(8080);`;

beforeAll(async () => {
  const security = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  const container = { name: 'shop', image: images().node, command: ['node', '-e', shop], securityContext: security };
  const spec = {
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
  };
  apply(
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'shop', namespace, labels }, spec },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'shop', namespace },
      spec: { selector: labels, ports: [{ port: 8080 }] },
    },
  );
  await install(probed());
  rolledOut(namespace, 'deployment/lookout-blackbox-exporter', 'statefulset/lookout-prometheus');
  kubectl(['wait', 'pod/shop', '--for=condition=Ready', `--namespace=${namespace}`, '--timeout=60s']);
});

test('the blackbox exporter asks pages and servers of the cluster by the names of their Services', async () => {
  const password = secretValue('prometheus-password');
  const prometheus = await reachPod(namespace, 'pod/lookout-prometheus-0', 9090);
  const success = (probe: string) =>
    queryValue(prometheus, password, `probe_success{probe="${probe}",namespace="${namespace}"}`);
  const names = ['page', 'server', 'broken', 'words'];
  await until(async () => !(await Promise.all(names.map(success))).includes(Number.NaN));
  await until(async () => (await success('page')) === 1 && (await success('server')) === 1);
  expect(await success('broken')).toBe(0);
  expect(await success('words')).toBe(0);
  expect(await queryValue(prometheus, password, 'probe_http_status_code{probe="broken"}')).toBe(503);
  expect(await queryValue(prometheus, password, 'count(up{job="lookout-probes"} == 1)')).toBe(4);
  const address = `http://shop.${namespace}.svc:8080/login`;
  expect(await queryValue(prometheus, password, `count(probe_success{instance="${address}",probe="page"})`)).toBe(1);
});

function probed(): Stack {
  const plain = stackIn(namespace);
  const none = { kind: 'none' } as const;
  const others = { alertmanager: none, grafana: none, exporter: none, blackbox: { kind: 'install' } } as const;
  const address = `shop.${namespace}.svc:8080`;
  return {
    ...plain,
    probes: [
      probe('page', { target: `http://${address}/login`, contains: 'Log in' }),
      probe('words', { target: `http://${address}/login`, contains: 'Welcome' }),
      probe('broken', { target: `http://${address}/broken` }),
      probe('server', { kind: 'tcp', target: address }),
    ],
    cluster: { ...plain.cluster!, components: { ...plain.cluster!.components, ...others } },
  };
}

function probe(name: string, more: Partial<Probe>): Probe {
  const usual = { kind: 'http', target: '', status: [], redirects: true, contains: null, trusted: true } as const;
  return { ...usual, name, module: name, interval: 2, timeout: 1, giveUp: 2, ...more };
}
