import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { basic } from '../../../provision/checks/service.ts';
import { until } from '../../exporter/support/exporter.ts';
import { clusterOfTests } from '../apply/support.ts';
import { kubectl, kubectlJson } from '../support/kubectl.ts';
import { failures, livingStack } from './living.ts';

const living = livingStack();
const cluster = clusterOfTests();
const minutes = 60_000;
const [first, second] = ['lookout-alertmanager-0', 'lookout-alertmanager-1'] as const;
const here = () => `--namespace=${living.namespace}`;

/** Milliseconds in which the Alertmanager that stands behind another would have sent what that has not: it waits 15 s for it. */
const secondThought = 25_000;

beforeAll(async () => {
  const file = join(living.environment(), 'environment.yaml');
  const two = readFileSync(file, 'utf8')
    .replace('prometheus: {', 'prometheus: {replicas: 2, ')
    .replace('alertmanager:\n', 'alertmanager:\n  replicas: 2\n')
    .replace('alerts: {', 'alerts: {TargetDown: {for: 2s, severity: critical}, ');
  writeFileSync(file, two);
  expect(await living.run(['apply', living.environment()])).toContain('everything is ready');
});

/** Asks Alertmanager in one pod, as Lookout's user. */
async function ask(pod: string, path: string, body?: object): Promise<unknown> {
  const way = await cluster.portForward(living.namespace, { kind: 'pod', name: pod }, 9093);
  const { data } = kubectlJson<{ data: Record<string, string> }>('get', 'secret', 'lookout-credentials', here());
  const password = Buffer.from(data['alertmanager-password'] ?? '', 'base64').toString();
  const headers = { authorization: basic('lookout', password), 'content-type': 'application/json' };
  const post = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  try {
    const response = await fetch(`http://${way.host}:${way.port}${path}`, { headers, ...post });
    expect(response.status, path).toBe(200);
    return await response.json();
  } finally {
    await way.close();
  }
}

async function silencesOf(pod: string): Promise<readonly string[]> {
  const silences = (await ask(pod, '/api/v2/silences')) as readonly { readonly id: string }[];
  return silences.map(({ id }) => id);
}

async function silence(pod: string): Promise<string> {
  const { silenceID } = (await ask(pod, '/api/v2/silences', {
    matchers: [{ name: 'alertname', value: 'NotOneOfOurs', isRegex: false, isEqual: true }],
    startsAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 60 * minutes).toISOString(),
    createdBy: 'test',
    comment: 'seen by both',
  })) as { readonly silenceID: string };
  return silenceID;
}

/** Messages about the shop, by kind and beginning of the title. */
async function told(state: 'CRITICAL' | 'RESOLVED'): Promise<readonly string[]> {
  const messages = await living.messages();
  return messages
    .filter(
      ({ labels, title }) => labels['alertname'] === 'TargetDown' && labels['job'] === 'shop' && title.includes(state),
    )
    .map(({ kind }) => kind)
    .sort();
}

function scale(replicas: number): void {
  kubectl(['scale', 'deployment/shop', `--replicas=${replicas}`, here()]);
}

describe('two Prometheus and two Alertmanager', () => {
  test('are proven one by one', { timeout: 4 * minutes }, async () => {
    await living.untilWell();
    const results = await living.verify('--deliver');
    expect(failures(results)).toEqual({});
    const subjects = (name: string) => (results.get(name)?.findings ?? []).map(({ subject }) => subject);
    expect(subjects('persistence')).toContain('retention (lookout-prometheus-1)');
    expect(subjects('watchdog')).toContain(`Watchdog in Alertmanager (${second})`);
    expect(subjects('web-authentication')).toContain(`${second} with ours`);
    expect(subjects('claims-bound').join()).toContain('data-lookout-alertmanager-1');
  });

  test('know each other’s silences, and keep them when one is lost', { timeout: 4 * minutes }, async () => {
    const id = await silence(first);
    await until(async () => (await silencesOf(second)).includes(id));
    kubectl(['delete', 'pod', first, here(), '--wait']);
    expect(await silencesOf(second)).toContain(id);
    kubectl(['rollout', 'status', 'statefulset/lookout-alertmanager', here(), '--timeout=120s']);
    await until(async () => (await silencesOf(first)).includes(id));
  });

  test('send one message for what both Prometheus see, and none is lost with a pod', {
    timeout: 6 * minutes,
  }, async () => {
    await living.untilWell();
    scale(0);
    await until(async () => (await told('CRITICAL')).length >= 2);
    await sleep(secondThought);
    expect(await told('CRITICAL')).toEqual(['mail', 'slack']);
    kubectl(['delete', 'pod', first, here(), '--wait=false']);
    scale(1);
    await until(async () => (await told('RESOLVED')).length >= 2);
    await sleep(secondThought);
    expect(await told('RESOLVED')).toEqual(['mail', 'slack']);
    expect(await told('CRITICAL')).toEqual(['mail', 'slack']);
  });

  test('have a password rotated, one pod after another', { timeout: 6 * minutes }, async () => {
    const output = await living.run(['credentials', 'rotate', living.environment(), 'alertmanager']);
    expect(output).toContain('alertmanager with the old password: answered 401, 401, expected 401');
  });
});
