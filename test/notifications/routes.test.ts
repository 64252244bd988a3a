import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerFiles } from '../../notifications/index.ts';
import { generations, run } from '../support/programs.ts';
import { localStack } from '../support/stacks.ts';
import { type Delivery, startDelivery } from './delivery.ts';
import { facts } from './facts.ts';

const withHeartbeat = { ...localStack, alertmanager: { ...localStack.alertmanager, heartbeat: 'heartbeat-url' } };

const matrix = [
  { receiver: 'operators', labels: { alertname: 'BackupMissed', severity: 'critical', backup: 'x' } },
  { receiver: 'operators', labels: { alertname: 'ApplicationSlow', severity: 'warning', application: 'shop' } },
  { receiver: 'operators', labels: { alertname: 'OfTheUser', severity: 'page' } },
  { receiver: 'operators', labels: { alertname: 'OfTheUser' } },
  { receiver: 'informed', labels: { alertname: 'CertificateRenewed', severity: 'info' } },
  { receiver: 'operators', labels: { alertname: 'BackupMissed', severity: 'critical', lookout_test: 'n1' } },
  { receiver: 'nobody', labels: { alertname: 'Watchdog', severity: 'info' } },
] as const;

describe.each(generations)('routes ($name)', ({ amtool }) => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'lookout-routes-'));
    writeFileSync(join(directory, 'am.yml'), alertmanagerFiles(localStack, facts)[0]!.content);
    writeFileSync(join(directory, 'heartbeat.yml'), alertmanagerFiles(withHeartbeat, facts)[0]!.content);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const routed = (file: string, labels: Readonly<Record<string, string>>) =>
    run(amtool, [
      'config',
      'routes',
      'test',
      `--config.file=${join(directory, file)}`,
      ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
    ]).trim();

  test.each(matrix)('$labels reaches $receiver', ({ receiver, labels }) => {
    expect(routed('am.yml', labels)).toBe(receiver);
  });

  test('the Watchdog reaches the heartbeat where there is one', () => {
    expect(routed('heartbeat.yml', { alertname: 'Watchdog' })).toBe('heartbeat');
  });
});

describe('grouping', () => {
  const { route } = parse(alertmanagerFiles(localStack, facts)[0]!.content);

  test('tells one alert of one object, with what the object needs to be told apart, tests among themselves', () => {
    expect(route.group_by).toEqual([
      'alertname',
      'namespace',
      'application',
      'backup',
      'claim',
      'claim_namespace',
      'lookout_test',
    ]);
  });

  test('names no label twice, which Alertmanager refuses', () => {
    const objects = ['namespace', 'alertname', 'claim', 'claim_namespace'];
    const { route: other } = parse(alertmanagerFiles(localStack, { objects, inhibitions: [] })[0]!.content);
    expect(other.group_by).toEqual(['alertname', 'namespace', 'claim', 'claim_namespace', 'lookout_test']);
  });

  test('waits as the stack says, and repeats less urgent things less often', () => {
    expect(route).toMatchObject({ group_wait: '2s', group_interval: '20s', repeat_interval: '16m' });
    const repeats = (severity: string) =>
      route.routes.find(({ matchers }: { matchers: string[] }) => matchers[0] === `severity="${severity}"`)
        .repeat_interval;
    expect([repeats('warning'), repeats('info')]).toEqual(['48m', '1h36m']);
  });
});

describe.each(generations)('inhibition in a real Alertmanager ($name)', (generation) => {
  let delivery: Delivery;
  beforeAll(async () => {
    delivery = await startDelivery(generation, localStack, facts);
    await delivery.post([
      alert('BackupInvalid', 'a', {}),
      alert('BackupMissed', 'a', {}),
      alert('BackupMissed', 'b', {}),
      alert('BackupInvalid', 'b', { lookout_test: 'n1' }),
      alert('BackupMissed', 'b', { lookout_test: 'n1' }),
    ]);
    await delivery.arrived(({ kind, labels }) => kind === 'mail' && labels['backup'] === 'b');
  });
  afterAll(async () => delivery?.close());

  test('silences the effect of a cause on the same object', async () => {
    expect(await inhibited('BackupMissed', 'a', undefined)).toBe(true);
  });

  test('leaves the same alert of another object alone, whatever a test alert claims', async () => {
    expect(await inhibited('BackupMissed', 'b', undefined)).toBe(false);
  });

  test('works among the alerts of one test', async () => {
    expect(await inhibited('BackupMissed', 'b', 'n1')).toBe(true);
  });

  test('sends no message of what is inhibited', async () => {
    await delivery.arrived(({ labels }) => labels['alertname'] === 'BackupInvalid' && labels['lookout_test'] === 'n1');
    const told = (await delivery.messages()).filter(({ labels }) => labels['alertname'] === 'BackupMissed');
    expect(told.map(({ labels }) => [labels['backup'], labels['lookout_test']])).not.toContainEqual(['a', undefined]);
  });

  async function inhibited(alertname: string, backup: string, nonce: string | undefined): Promise<boolean> {
    const all = await delivery.api<readonly ApiAlert[]>('/alerts');
    const found = all.find(
      ({ labels }) =>
        labels['alertname'] === alertname && labels['backup'] === backup && labels['lookout_test'] === nonce,
    );
    return found!.status.inhibitedBy.length > 0;
  }
});

interface ApiAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly status: { readonly inhibitedBy: readonly string[] };
}

function alert(alertname: string, backup: string, more: Readonly<Record<string, string>>) {
  return { labels: { alertname, severity: 'critical', namespace: 'demo', backup, ...more } };
}
