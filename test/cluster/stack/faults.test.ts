import { hashSync } from 'bcryptjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { apply, kubectl, kubectlJson } from '../support/kubectl.ts';
import { failures, livingStack } from './living.ts';

const living = livingStack();
const minutes = 60_000;

/** One thing that is broken, and put back after it. */
interface Fault {
  readonly what: string;
  /** The checks that see it, and no other. */
  readonly seen: readonly string[];
  /** What the evidence of the first one tells. */
  readonly evidence: RegExp;
  /** Breaks it and gives how to mend it. */
  readonly breakIt: () => Promise<() => unknown> | (() => unknown);
  readonly deliver?: boolean;
}

const faults: readonly Fault[] = [
  {
    what: 'an empty line at the end of a credential',
    seen: ['credentials-private'],
    evidence: /grafana-secret-key: has a line break/,
    breakIt: () => changeSecret('grafana-secret-key', (value) => `${value}\n`),
  },
  {
    what: 'a default password that Prometheus takes too',
    seen: ['web-authentication'],
    evidence: /Prometheus with admin\/admin: answered 200, expected 401/,
    breakIt: () => changeSecret('prometheus-web', (yaml) => `${yaml}  admin: ${hashSync('admin', 4)}\n`),
  },
  {
    what: 'a known token that the exporter takes too',
    seen: ['scrape-authentication'],
    evidence: /with a wrong token: answered 200, expected 401/,
    breakIt: () => changeSecret('scrape-tokens', (token) => `${token}\nadmin`),
  },
  {
    what: 'a target that does not answer',
    seen: ['targets-up'],
    evidence: /target lookout-exporter: down/,
    breakIt: silentExporter,
  },
  {
    what: 'a file of Grafana that somebody has edited',
    seen: ['configuration-applied'],
    evidence: /1 of \d+ differ: lookout-grafana\/provisioning\.dashboards/,
    breakIt: () => changeFile('lookout-grafana', 'provisioning.dashboards.lookout.yaml', (text) => `${text}# edited\n`),
  },
  {
    what: 'a dashboard that is another one',
    seen: ['configuration-applied', 'grafana-dashboards'],
    evidence: /1 of \d+ differ: lookout-grafana\/dashboards/,
    breakIt: () =>
      changeFile('lookout-grafana', 'dashboards.lookout-backups.json', (text) => text.replace('"Backups"', '"Mine"')),
  },
  {
    what: 'a Grafana that lets everybody in',
    seen: ['grafana-authentication'],
    evidence: /Grafana without a password: answered 200, expected 401/,
    breakIt: () => {
      setGrafana('GF_AUTH_ANONYMOUS_ENABLED=true');
      return () => setGrafana('GF_AUTH_ANONYMOUS_ENABLED=false');
    },
  },
  {
    what: 'a receiver that takes no mail',
    seen: ['delivery'],
    evidence:
      /mail to operator@lookout\.test: .*attempts failed|mail to operator@lookout\.test: Alertmanager has not sent it/,
    deliver: true,
    breakIt: () => {
      scale('inbox', 0);
      return () => scale('inbox', 1);
    },
  },
];

beforeAll(async () => {
  await living.run(['apply', living.environment()]);
  await living.untilWell();
}, 5 * minutes);

describe('a fault is seen by its check alone', () => {
  test.each(faults)('$what', { timeout: 5 * minutes }, async ({ seen, evidence, breakIt, deliver = false }) => {
    const mend = await breakIt();
    const args = deliver ? ['--deliver'] : [];
    try {
      await living.untilFailed(...args);
      const failed = failures(await living.verify(...args));
      expect(Object.keys(failed)).toEqual(seen);
      expect(failed[seen[0] ?? '']?.join('\n')).toMatch(evidence);
    } finally {
      await mend();
    }
    await living.untilWell();
  });

  test('a claim that is not there', async () => {
    const other = (yaml: string) =>
      yaml.replace('grafana: {storage: {size: 64Mi}}', 'grafana: {storage: {claim: other}}');
    const failed = await living.withEnvironment(other, async () => failures(await living.verify()));
    expect(failed).toEqual({ 'claims-bound': ['claim other: there is no such claim'] });
  });

  test('a retention that is not in force', async () => {
    const longer = (yaml: string) => yaml.replace('prometheus: {', 'prometheus: {retention: {time: 20d}, ');
    const failed = await living.withEnvironment(longer, async () => failures(await living.verify()));
    expect(failed).toEqual({ persistence: ['retention: 15d, expected 20d'] });
  });

  test('nothing at all: a stack that was never applied is not well', async () => {
    const other = (yaml: string) => yaml.replace(/(cluster: .*namespace: )[\w-]+/, '$1default');
    const failed = await living.withEnvironment(other, async () => failures(await living.verify()));
    expect(Object.keys(failed).length).toBeGreaterThan(8);
  });
});

async function changeSecret(key: string, edit: (value: string) => string): Promise<() => void> {
  const { data } = kubectlJson<{ data: Record<string, string> }>('get', 'secret', 'lookout-credentials', ...here());
  const before = data[key] ?? '';
  const after = Buffer.from(edit(Buffer.from(before, 'base64').toString())).toString('base64');
  const write = (value: string) => {
    kubectl([
      'patch',
      'secret',
      'lookout-credentials',
      ...here(),
      `--patch=${JSON.stringify({ data: { [key]: value } })}`,
    ]);
    kubectl(['annotate', 'pods', '--all', '--overwrite', `changed=${Date.now()}`, ...here()]);
  };
  write(after);
  return () => write(before);
}

async function changeFile(map: string, key: string, edit: (text: string) => string): Promise<() => void> {
  const { data } = kubectlJson<{ data: Record<string, string> }>('get', 'configmap', map, ...here());
  const before = data[key] ?? '';
  expect(edit(before)).not.toBe(before);
  const write = (text: string) => {
    kubectl(['patch', 'configmap', map, ...here(), `--patch=${JSON.stringify({ data: { [key]: text } })}`]);
    kubectl(['annotate', 'pods', '--all', '--overwrite', `changed=${Date.now()}`, ...here()]);
  };
  write(edit(before));
  return () => write(before);
}

/** An address behind the exporter's Service at which nobody listens. */
function silentExporter(): () => void {
  const [visitor] = kubectlJson<{ items: readonly { status: { podIP: string } }[] }>(
    'get',
    'pods',
    '--selector=app=visitor',
    ...here(),
  ).items;
  apply({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'silent',
      namespace: living.namespace,
      labels: { 'kubernetes.io/service-name': 'lookout-exporter-node' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [visitor?.status.podIP], conditions: { ready: true } }],
    ports: [{ name: 'http', port: 9480, protocol: 'TCP' }],
  });
  return () => kubectl(['delete', 'endpointslice', 'silent', ...here()]);
}

function setGrafana(variable: string): void {
  kubectl(['set', 'env', 'statefulset/lookout-grafana', variable, ...here()]);
  kubectl(['rollout', 'status', 'statefulset/lookout-grafana', '--timeout=120s', ...here()]);
}

function scale(deployment: string, replicas: number): void {
  kubectl(['scale', `deployment/${deployment}`, `--replicas=${replicas}`, ...here()]);
  kubectl(['rollout', 'status', `deployment/${deployment}`, '--timeout=120s', ...here()]);
}

function here(): readonly string[] {
  return [`--namespace=${living.namespace}`];
}
