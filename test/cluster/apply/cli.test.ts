import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { temporaryFolder } from '../../exporter/support/folder.ts';
import { lookout } from '../../support/lookout.ts';
import { kubectl, kubectlJson, temporaryNamespace } from '../support/kubectl.ts';

const namespace = temporaryNamespace();

/** A stack of the exporter alone, whose image every test cluster has. */
function writeEnvironment(home: string, timeout: string): void {
  const text = `platform: kubernetes
namespace: shop
cluster: { context: ${inject('cluster').context}, namespace: ${namespace}, access: namespace }
components: { prometheus: none, alertmanager: none, grafana: none }
certificates:
  endpoints:
    - { name: shop, address: "shop.example:443", timeout: ${timeout} }
`;
  writeFileSync(join(home, 'environment.yaml'), text);
}

/** Runs commands on one environment, and keeps every line that they print. */
function person() {
  const home = join(temporaryFolder(), 'shop');
  mkdirSync(home);
  const everything: string[] = [];
  const env = { KUBECONFIG: inject('cluster').kubeconfig };
  const run = async (command: string, ...options: readonly string[]) => {
    const { code, printed, reported } = await lookout([command, home, ...options], home, env);
    everything.push(...printed, ...reported);
    return { code, printed: printed.join('\n'), reported: reported.join('\n') };
  };
  return { run, everything, write: (timeout: string) => writeEnvironment(home, timeout) };
}

const names = () =>
  kubectl(['get', 'deployment,configmap,secret,lease,service', `--namespace=${namespace}`, '--output=name']);

test('plan, apply, a change, destroy: what a person reads and what scripts see', { timeout: 300_000 }, async () => {
  const { run, everything, write } = person();
  write('5s');
  const first = await run('plan');
  expect([first.code, first.printed], first.reported).toEqual([
    2,
    expect.stringContaining(`+ create Deployment ${namespace}/`),
  ]);
  expect(names()).toBe('configmap/kube-root-ca.crt\n');

  const applied = await run('apply');
  expect([applied.code, applied.reported]).toEqual([0, expect.stringContaining('shop: applied, everything is ready')]);
  const again = await run('apply');
  expect([again.code, again.reported]).toEqual([
    0,
    expect.stringContaining('shop: nothing to change, everything is ready'),
  ]);
  expect(await run('plan')).toMatchObject({ code: 0, printed: expect.stringMatching(/no change: \d+ unchanged$/) });

  write('6s');
  const changed = await run('plan');
  expect(changed.code).toBe(2);
  expect(changed.printed).toMatch(/data\["?\S+\.json"\] certificateEndpoints\[shop\]\.timeout: 5 -> 6/);
  expect((await run('plan', '--take', 'Deploymnet/web')).reported).toContain(
    '--take Deploymnet/web names no object of shop',
  );
  const json = await run('plan', '--json');
  const [{ changes }] = JSON.parse(json.printed) as [{ changes: readonly { kind: string; action: string }[] }];
  expect([json.code, changes.filter(({ action }) => action === 'update').map(({ kind }) => kind)]).toEqual([
    2,
    expect.arrayContaining(['ConfigMap']),
  ]);

  const { items } = kubectlJson<{ items: readonly { data: Readonly<Record<string, string>> }[] }>(
    'get',
    'secret',
    `--namespace=${namespace}`,
  );
  const values = items
    .flatMap(({ data }) => Object.values(data))
    .flatMap((value) => [value, Buffer.from(value, 'base64').toString().trim()]);
  expect(values.length).toBeGreaterThan(0);

  const asked = await run('destroy');
  expect([asked.code, asked.printed]).toEqual([2, expect.stringContaining('would delete Deployment')]);
  expect(names()).toContain('deployment.apps/');
  const destroyed = await run('destroy', '--yes');
  expect([destroyed.code, destroyed.printed]).toEqual([0, expect.stringContaining(`kubectl delete secret`)]);
  expect(names()).not.toContain('deployment.apps/');
  expect(names()).toContain('secret/');
  expect(await run('destroy', '--yes', '--delete-data')).toMatchObject({
    code: 0,
    reported: expect.stringContaining('all of it is gone'),
  });
  expect(names()).toBe('configmap/kube-root-ca.crt\n');
  expect(values.filter((value) => everything.join('\n').includes(value))).toEqual([]);
});

test('a duration that is none is refused before anything is asked', async () => {
  const { run, write } = person();
  write('5s');
  expect(await run('apply', '--timeout', 'soon')).toMatchObject({
    code: 1,
    reported: expect.stringContaining('--timeout soon'),
  });
});
