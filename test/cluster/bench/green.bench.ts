import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, inject, test } from 'vitest';
import { image } from '../../../k8s/images.ts';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { openEnvironment } from '../../../stack/open.ts';
import type { Stack } from '../../../stack/types.ts';
import { atMost, type Result } from '../../bench/result.ts';
import { temporaryFolder } from '../../exporter/support/folder.ts';
import { command } from '../../local/lookout.ts';
import { namespaceOfTest } from '../apply/support.ts';
import { manifestsOf, secretObjects } from '../k8s/install.ts';
import { type Demonstration, installDemonstration } from '../support/demonstration.ts';
import { apply, kubectl, kubectlJson } from '../support/kubectl.ts';
import { placeFakeGrafana } from '../support/mirror.ts';

const repetitions = 3;
const root = resolve(import.meta.dirname, '../../..');
/** The node unpacks images when it first starts them. */
const warmUp = 1;

/**
 * From a namespace with nothing but the user's Secret to a `verify` of which every check passes, as a person would: two commands.
 * Beside it kubectl with the same objects until its workloads are ready, which proves nothing of them.
 */
test('an empty namespace until everything is proven', { timeout: 1_800_000 }, async () => {
  const demonstration = installDemonstration(namespaceOfTest(), temporaryFolder());
  const times: { readonly ours: Ours; readonly theirs: number }[] = [];
  const { cluster, ...rest } = stackOf(prepared(demonstration));
  if (cluster !== null) placeFakeGrafana(image('grafana', { ...rest, cluster }, cluster));
  for (let turn = 0; turn < warmUp + repetitions; turn++)
    times.push({ ours: await throughLookout(demonstration), theirs: await throughKubectl(demonstration) });
  const counted = times.slice(warmUp);
  const theirs = counted.map((time) => time.theirs);
  const baselines = [{ name: 'kubectl apply --server-side and rollout status', values: theirs }];
  const results: readonly Result[] = [
    {
      work: 'empty namespace to a green verify',
      unit: 's',
      values: counted.map(({ ours }) => ours.applied + ours.verified),
      baselines,
      target: atMost(60),
    },
    {
      work: 'of it apply, until all is ready',
      unit: 's',
      values: counted.map(({ ours }) => ours.applied),
      baselines,
      target: null,
    },
    { work: 'of it verify', unit: 's', values: counted.map(({ ours }) => ours.verified), baselines: [], target: null },
  ];
  writeFileSync(process.env['LOOKOUT_BENCH'] ?? '', JSON.stringify(results));
});

/** Seconds. */
interface Ours {
  readonly applied: number;
  readonly verified: number;
}

async function throughLookout(demonstration: Demonstration): Promise<Ours> {
  const environment = prepared(demonstration);
  const applied = await seconds(() => lookout('apply', environment));
  return { applied, verified: await seconds(() => lookout('verify', environment, '--wait', '3m')) };
}

async function throughKubectl(demonstration: Demonstration): Promise<number> {
  const stack = stackOf(prepared(demonstration));
  const built = manifestsOf(stack);
  const file = join(temporaryFolder(), 'objects.json');
  const items = [...(await secretObjects(built)), ...built.objects];
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  return seconds(() => {
    kubectl(['apply', '--server-side', `--filename=${file}`]);
    for (const workload of built.objects.filter(hasPods))
      kubectl([
        'rollout',
        'status',
        `${workload.kind}/${workload.metadata.name}`,
        `--namespace=${stack.namespace}`,
        '--timeout=180s',
      ]);
  });
}

function hasPods({ kind }: KubernetesObject): boolean {
  return ['StatefulSet', 'Deployment', 'DaemonSet'].includes(kind);
}

/** An environment with a namespace of its own, in which there is the user's Secret for the application that it watches. */
function prepared({ shop, backups }: Demonstration): string {
  const namespace = namespaceOfTest();
  apply({ kind: 'Secret', metadata: { name: 'shop-metrics', namespace }, data: tokenOf(shop) });
  const directory = join(temporaryFolder(), 'green');
  mkdirSync(directory);
  const lines = [
    'platform: kubernetes',
    `namespace: ${namespace}`,
    `cluster: {context: ${inject('cluster').context}, namespace: ${namespace}}`,
    'applications:',
    '  - name: shop',
    `    metrics: {address: "${shop}", path: /prometheus, token: {secret: shop-metrics, key: token}}`,
    '    convention: prom-client',
    'backups:',
    '  - name: shop-database',
    `    directory: ${backups}`,
    '    pattern: shop_%Y%m%d_%H%M%S.sql.gz',
    '    engine: sqlite',
    '    schedule: "* * * * *"',
    '    timezone: UTC',
    'volumes:',
    `  - {name: shop-backups, directory: ${backups}, size: 64Mi}`,
    'prometheus: {storage: {size: 512Mi}}',
    'alertmanager:',
    '  storage: {size: 64Mi}',
    '  email: {smarthost: "mail.lookout.test:25", from: lookout@lookout.test, to: [operator@lookout.test]}',
    'grafana: {storage: {size: 64Mi}}',
  ];
  writeFileSync(join(directory, 'environment.yaml'), `${lines.join('\n')}\n`);
  return directory;
}

/** The data of the Secret beside the application, at `shop.<namespace>.svc:<port>`. */
function tokenOf(shop: string): Readonly<Record<string, string>> {
  const [, namespace = ''] = shop.split('.');
  return kubectlJson<{ data: Record<string, string> }>('get', 'secret', 'shop-metrics', `--namespace=${namespace}`)
    .data;
}

function stackOf(environment: string): Stack {
  const [opened] = openEnvironment({ name: environment, root, cwd: root, env: {}, state: () => '/none' }).stacks;
  if (opened === undefined) throw new Error(`${environment} has no stack`);
  return opened.stack;
}

async function lookout(...args: readonly string[]): Promise<void> {
  const { code, output } = await command(args, { KUBECONFIG: inject('cluster').kubeconfig });
  expect(code, output).toBe(0);
}

async function seconds(work: () => Promise<void> | void): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
