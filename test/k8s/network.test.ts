import { describe, expect, test } from 'vitest';
import { manifests } from '../../k8s/index.ts';
import type { KubernetesObject } from '../../k8s/types.ts';
import { buildOutputs } from '../../provision/build/outputs.ts';
import type { Stack } from '../../stack/types.ts';
import { matches, workloads } from './pods.ts';
import { admits, type Sender } from './reachability.ts';
import { variants } from './variants.ts';

const stranger: Sender = { labels: { app: 'shop' } };
/** A pod of the watched namespace, where that is another than the one of the stack's objects. */
const shop: Sender = { labels: { app: 'shop' }, namespace: 'shop' };
const outside: Sender = { labels: { app: 'traefik' }, elsewhere: true };

/** Who gets to which pod: `to: from, from`. */
function matrix(stack: Stack, port = 'http'): Readonly<Record<string, string>> {
  const { objects } = manifests(stack, buildOutputs(stack));
  const pods = workloads(objects);
  const senders: readonly (readonly [string, Sender])[] = [
    ...pods.map(({ name, labels }) => [name.replace('lookout-', ''), { labels }] as const),
    ['stranger', stranger],
    ['shop', shop],
    ['outside', outside],
  ];
  return Object.fromEntries(
    pods.map((to) => [
      to.name.replace('lookout-', ''),
      senders
        .filter(([, sender]) => admits(objects, sender, to, port))
        .map(([name]) => name)
        .join(', '),
    ]),
  );
}

describe('the network policies admit exactly the declared flows', () => {
  test('when nothing is reached from outside', () => {
    expect(matrix(variants['standalone']!)).toEqual({
      prometheus: 'prometheus, grafana',
      alertmanager: 'prometheus',
      grafana: '',
      exporter: 'prometheus',
      'exporter-node': 'prometheus',
      'blackbox-exporter': 'prometheus',
    });
  });

  test('when exporters ask databases, which ask nobody for credentials', () => {
    const { 'database-shop': shop, 'database-sessions': sessions, 'database-queue': queue } = matrix(variants['full']!);
    expect([shop, sessions, queue]).toEqual(['prometheus', 'prometheus', 'prometheus']);
  });

  test.each(['k3s', 'openshift', 'gateway'])('when people reach Grafana (%s)', (name) => {
    const { grafana, prometheus } = matrix(variants[name]!);
    expect(grafana).toContain('stranger, shop, outside');
    expect(prometheus).toBe('prometheus, grafana');
  });

  test.each(['gossip-tcp', 'gossip-udp'])('when several Alertmanager tell each other what was sent (%s)', (port) => {
    const reached = (name: string) => Object.entries(matrix(variants[name]!, port)).filter(([, from]) => from !== '');
    expect(reached('replicated')).toEqual([['alertmanager', 'alertmanager']]);
    expect(reached('standalone')).toEqual([]);
    expect(matrix(variants['replicated']!)).toEqual(matrix(variants['standalone']!));
  });

  test('when applications send to a collector, and it to Jaeger', () => {
    const of = (port: string) => matrix(variants['telemetry']!, port);
    expect(of('http')).toMatchObject({ 'otel-collector': 'prometheus', jaeger: 'grafana' });
    expect(of('own')).toMatchObject({ 'otel-collector': 'prometheus', jaeger: 'prometheus' });
    expect(of('otlp-grpc')).toMatchObject({ 'otel-collector': 'shop', jaeger: 'otel-collector' });
    expect(of('otlp-http')).toMatchObject({ 'otel-collector': 'exporter, exporter-node, shop', jaeger: '' });
  });

  test('when applications send to Jaeger themselves', () => {
    const { jaeger } = matrix(variants['traces']!, 'otlp-http');
    expect(jaeger).toContain('exporter, exporter-node');
    expect(jaeger).toContain('shop');
    expect(jaeger).not.toContain('outside');
  });

  test('when a Prometheus that is not ours scrapes: it may be anywhere, and needs the token', () => {
    expect(matrix(variants['existing']!)).toEqual({
      exporter: 'exporter, exporter-node, blackbox-exporter, stranger, shop, outside',
      'exporter-node': 'exporter, exporter-node, blackbox-exporter, stranger, shop, outside',
      'blackbox-exporter': 'exporter, exporter-node, blackbox-exporter, stranger, shop, outside',
    });
  });
});

describe.each(Object.entries(variants))('the policies of a stack of kind %s', (_, stack) => {
  const { objects } = manifests(stack, buildOutputs(stack));
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy');

  test('select every pod of ours and nobody else', () => {
    const pods = workloads(objects);
    const selectors = policies.map(
      (policy) => policy['spec'] as { podSelector: { matchLabels: Record<string, string> } },
    );
    for (const { labels, name } of pods)
      expect(
        selectors.filter(({ podSelector }) => matches(podSelector.matchLabels, labels)),
        name,
      ).toHaveLength(1);
    for (const { podSelector } of selectors) {
      expect(matches(podSelector.matchLabels, stranger.labels)).toBe(false);
      expect(podSelector.matchLabels['app.kubernetes.io/instance']).toBe(stack.name);
    }
  });

  test('name ports that the pods have', () => {
    for (const { labels, pod } of workloads(objects)) {
      const names = pod.containers.flatMap(({ ports = [] }) => ports.map(({ name }) => name));
      expect(names[0]).toBe('http');
      const own = policies.filter((policy) => matches(specOf(policy).podSelector.matchLabels, labels));
      const named = own.flatMap((policy) => specOf(policy).ingress ?? []).flatMap(({ ports }) => ports);
      for (const { port } of named) expect(names).toContain(port);
    }
  });
});

interface PolicySpec {
  readonly podSelector: { readonly matchLabels: Record<string, string> };
  readonly ingress?: readonly { readonly ports: readonly { readonly port: string }[] }[];
}

function specOf(policy: KubernetesObject): PolicySpec {
  return policy['spec'] as PolicySpec;
}

test('the evaluator sees a policy that admits too much', () => {
  const { objects } = manifests(variants['standalone']!, buildOutputs(variants['standalone']!));
  const alertmanager = workloads(objects).find(({ name }) => name === 'lookout-alertmanager')!;
  const open = objects.map((object) =>
    object.kind === 'NetworkPolicy' ? { ...object, spec: { ...(object['spec'] as object), ingress: [{}] } } : object,
  );
  expect(admits(objects, stranger, alertmanager, 'http')).toBe(false);
  expect(admits(open, stranger, alertmanager, 'http')).toBe(true);
  expect(
    admits(
      objects.filter(({ kind }) => kind !== 'NetworkPolicy'),
      stranger,
      alertmanager,
      'http',
    ),
  ).toBe(true);
});
