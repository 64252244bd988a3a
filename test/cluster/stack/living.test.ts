import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../exporter/support/exporter.ts';
import { issue } from '../support/demonstration.ts';
import { kubectl, kubectlJson } from '../support/kubectl.ts';
import { failures, livingStack } from './living.ts';

const living = livingStack('{tls: {secret: exporter-certificate}}');
const minutes = 60_000;
const credentials = ['scrape', 'grafana', 'prometheus', 'alertmanager'] as const;

/** The values of our Secret, by key. */
function stored(): Readonly<Record<string, string>> {
  const { data } = kubectlJson<{ data: Record<string, string> }>(
    'get',
    'secret',
    'lookout-credentials',
    `--namespace=${living.namespace}`,
  );
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

beforeAll(async () => {
  const output = await living.run(['apply', living.environment()]);
  expect(output).toContain('everything is ready');
});

describe('a stack in a fresh namespace', () => {
  test('is proven to work, every check of it', { timeout: 3 * minutes }, async () => {
    await living.untilWell();
    const results = await living.verify('--deliver');
    expect(failures(results)).toEqual({});
    const skipped = [...results.values()].filter(({ outcome }) => outcome === 'skipped').map(({ name }) => name);
    expect(skipped).toEqual(['objects-taken']);
    for (const { name, outcome, findings } of results.values())
      if (outcome === 'passed') expect(findings.length, name).toBeGreaterThan(0);
  });

  test('delivers a test message as an encrypted mail and to Slack', async () => {
    await living.run(['verify', living.environment(), '--deliver']);
    await until(async () => {
      const tests = (await living.messages()).filter(({ labels }) => labels['lookout_test'] !== undefined);
      return ['mail', 'slack'].every((kind) => tests.some((message) => message.kind === kind));
    });
  });

  test('keeps its credentials when it is applied again, and shows none of them', async () => {
    const before = stored();
    const output = await living.run(['apply', living.environment()]);
    expect(stored()).toEqual(before);
    const printed =
      output +
      (await living.run(['plan', living.environment()])) +
      (await living.run(['status', living.environment()]));
    const shown = await living.run(['credentials', 'show', living.environment()]);
    for (const [key, value] of Object.entries(before)) expect((printed + shown).includes(value), key).toBe(false);
    const revealed = await living.run(['credentials', 'show', living.environment(), 'grafana', '--reveal']);
    expect(revealed).toBe(`grafana-password\t${before['grafana-password']}\n`);
  });

  test('takes the tokens of the user from where they are, and copies none', () => {
    const { data } = kubectlJson<{ data: { token: string } }>(
      'get',
      'secret',
      'shop-metrics',
      `--namespace=${living.namespace}`,
    );
    const value = Buffer.from(data.token, 'base64').toString();
    expect(Object.values(stored()).filter((each) => each.includes(value))).toEqual([]);
  });

  test('tells in its status what runs and where credentials are', async () => {
    const output = await living.run(['status', living.environment()]);
    expect(output).toContain('everything is well');
    expect(output).toMatch(/StatefulSet lookout-prometheus +ready/);
    expect(output).toContain('Credential   application-shop-token: key token of the Secret');
  });
});

describe('an exporter that answers in TLS', () => {
  test('is scraped, proven and asked by its certificate alone', async () => {
    const results = await living.verify();
    const scraped = results.get('targets-up')?.findings.find(({ subject }) => subject === 'target lookout-exporter');
    expect(scraped?.evidence).toMatch(/^up at https:/);
    const answered = results.get('scrape-authentication')?.findings ?? [];
    expect(answered.map(({ evidence }) => evidence)).toContain('answered 200, expected 200');
  });

  test('is not believed once its authority is another', { timeout: 5 * minutes }, async () => {
    const other = mkdtempSync(join(tmpdir(), 'lookout-authority-'));
    const [own, foreign] = [living.demonstration().authority, issue(living.namespace, other).authority];
    rmSync(other, { recursive: true });
    trust(foreign);
    try {
      const unseen = ['alerts-have-series', 'panels-have-data'];
      const failed = await living.untilFailed(['targets-up', 'scrape-authentication', ...unseen]);
      expect(Object.keys(failed)).toEqual(['targets-up', 'scrape-authentication', ...unseen]);
      expect(failed['targets-up']?.join()).toMatch(/target lookout-exporter: down at https:.*certificate/);
      expect(failed['scrape-authentication']?.join()).toMatch(/lookout-exporter-node does not answer .*certificate/);
    } finally {
      trust(own);
    }
    await living.untilWell();
  });
});

/** Writes whom Prometheus and verify believe the exporter's certificate. */
function trust(authority: string): void {
  const patch = JSON.stringify({ stringData: { 'ca.crt': authority } });
  kubectl(['patch', 'secret', 'exporter-certificate', `--namespace=${living.namespace}`, `--patch=${patch}`]);
  // The kubelet looks again at what a pod mounts when the pod changes.
  kubectl(['annotate', 'pods', '--all', '--overwrite', `changed=${Date.now()}`, `--namespace=${living.namespace}`]);
}

describe('a backup that does not run', () => {
  test('ends as a mail to a person', { timeout: 6 * minutes }, async () => {
    kubectl([
      'patch',
      'cronjob',
      'shop-backup',
      `--namespace=${living.namespace}`,
      '--patch={"spec":{"suspend":true}}',
    ]);
    const missed = async (kind: string) =>
      (await living.messages()).find((each) => each.kind === kind && each.labels['alertname'] === 'BackupMissed');
    await until(async () => (await missed('mail')) !== undefined);
    expect((await missed('mail'))?.title).toMatch(/CRITICAL .*backup shop-database missed/);
    await until(async () => (await missed('slack')) !== undefined);
    kubectl([
      'patch',
      'cronjob',
      'shop-backup',
      `--namespace=${living.namespace}`,
      '--patch={"spec":{"suspend":false}}',
    ]);
    await until(async () => (await living.messages()).some(({ title }) => /RESOLVED .*shop-database/.test(title)));
  });
});

describe('a Prometheus that is lost', () => {
  test('comes back with its data', { timeout: 4 * minutes }, async () => {
    const { uid: before } = podOf('lookout-prometheus-0');
    const directory = claimDirectory();
    kubectl(['delete', 'pod', 'lookout-prometheus-0', `--namespace=${living.namespace}`, '--wait']);
    kubectl([
      'rollout',
      'status',
      'statefulset/lookout-prometheus',
      `--namespace=${living.namespace}`,
      '--timeout=120s',
    ]);
    expect(podOf('lookout-prometheus-0').uid).not.toBe(before);
    expect(claimDirectory()).toBe(directory);
    await living.untilWell();
    const password = stored()['prometheus-password'] ?? '';
    expect(await oldestSample(password)).toBeLessThan(podOf('lookout-prometheus-0').started);
  });
});

function podOf(name: string) {
  const { metadata } = kubectlJson<{ metadata: { uid: string; creationTimestamp: string } }>(
    'get',
    'pod',
    name,
    `--namespace=${living.namespace}`,
  );
  return { uid: metadata.uid, started: Date.parse(metadata.creationTimestamp) / 1000 };
}

function claimDirectory(): string {
  const { spec } = kubectlJson<{ spec: { volumeName: string } }>(
    'get',
    'pvc',
    'data-lookout-prometheus-0',
    `--namespace=${living.namespace}`,
  );
  return spec.volumeName;
}

/** Seconds since the epoch of the oldest `up` of the last hour, asked inside of the pod, with the password from a file. */
async function oldestSample(password: string): Promise<number> {
  const { clusterOfTests } = await import('../apply/support.ts');
  const way = await clusterOfTests().portForward(
    living.namespace,
    { kind: 'service', name: 'lookout-prometheus' },
    9090,
  );
  const expr = encodeURIComponent('min(min_over_time(timestamp(up)[1h:1s]))');
  const authorization = `Basic ${Buffer.from(`lookout:${password}`).toString('base64')}`;
  const response = await fetch(`http://${way.host}:${way.port}/api/v1/query?query=${expr}`, {
    headers: { authorization },
  });
  const { data } = (await response.json()) as { data: { result: readonly { value: [number, string] }[] } };
  await way.close();
  return Number(data.result[0]?.value[1]);
}

describe('a credential', () => {
  test.each(credentials)('%s is rotated with proof, and everything goes on', { timeout: 6 * minutes }, async (name) => {
    const before = stored();
    const output = await living.run(['credentials', 'rotate', living.environment(), name]);
    const after = stored();
    const changed = Object.keys(after).filter((key) => before[key] !== after[key]);
    expect(changed.some((key) => key.startsWith(name))).toBe(true);
    expect(Object.keys(after).filter((key) => key.includes('.'))).toEqual([]);
    expect(output).toMatch(/old (token|password): (answered 401|refused)/);
    for (const value of [...Object.values(before), ...Object.values(after)]) expect(output).not.toContain(value);
    if (name === 'scrape') expect(output).toMatch(/scrapes of the exporter: none has failed/);
    await living.untilWell();
  });

  test.each(credentials)(
    '%s is rotated by the next run after a kill at any step',
    { timeout: 10 * minutes },
    async (name) => {
      for (let step = 1; step <= 3; step++) {
        const rotating = living.start('credentials', 'rotate', living.environment(), name);
        await until(() => rotating.output().split('\n').length > step || rotating.child.exitCode !== null);
        rotating.child.kill('SIGKILL');
        await rotating.ended;
      }
      const output = await living.run(['credentials', 'rotate', living.environment(), name]);
      expect(output).toMatch(/old (token|password): (answered 401|refused)/);
      expect(Object.keys(stored()).filter((key) => key.includes('.'))).toEqual([]);
      await living.untilWell();
    },
  );
});
