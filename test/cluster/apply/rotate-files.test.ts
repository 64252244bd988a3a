import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { rolledOut } from '../k8s/install.ts';
import { kubectl, kubectlJson, temporaryNamespace } from '../support/kubectl.ts';

const root = resolve(import.meta.dirname, '../../..');
const namespace = temporaryNamespace();
const temporary = mkdtempSync(join(tmpdir(), 'lookout-rotate-files-'));
const environment = join(temporary, 'shop');
const objects = join(temporary, 'dist/shop/kubernetes');
afterAll(() => rmSync(temporary, { recursive: true }));

/** `lookout <argv>` in a process of its own; `output` grows while it runs. */
function start(...argv: readonly string[]) {
  const child = spawn(process.execPath, [join(root, 'bin/lookout.mjs'), ...argv, '--dist', join(temporary, 'dist')], {
    env: { ...process.env, KUBECONFIG: inject('cluster').kubeconfig },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  return { child, output: () => output, ended: once(child, 'close').then(([code]) => code as number) };
}

async function lookout(...argv: readonly string[]): Promise<string> {
  const { ended, output } = start(...argv);
  expect(await ended, output()).toBe(0);
  return output();
}

/** What a tool for GitOps does with a commit. */
function applyFiles(): void {
  kubectl(['apply', '--server-side', '--force-conflicts', `--filename=${join(objects, 'secrets')}`]);
}

function stored(): Readonly<Record<string, string>> {
  const { data } = kubectlJson<{ data: Readonly<Record<string, string>> }>(
    'get',
    'secret',
    'lookout-credentials',
    `--namespace=${namespace}`,
  );
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

beforeAll(async () => {
  mkdirSync(environment);
  const lines = [
    'platform: kubernetes',
    `namespace: ${namespace}`,
    `cluster: {context: ${inject('cluster').context}}`,
    'delivery: {kind: files}',
    'components: {grafana: none}',
    'intervals: {scrape: 2s, collection: 2s}',
    'prometheus: {storage: {size: 256Mi}}',
    'alertmanager: {storage: {size: 64Mi}}',
    'certificates: {endpoints: [{name: api, address: kubernetes.default.svc}]}',
  ];
  writeFileSync(join(environment, 'environment.yaml'), `${lines.join('\n')}\n`);
  await lookout('build', environment);
  await lookout('credentials', 'write', environment, '--plain');
  applyFiles();
  kubectl(['apply', '--server-side', `--kustomize=${objects}`]);
  rolledOut(namespace, 'statefulset/lookout-prometheus', 'deployment/lookout-exporter');
});

test('the token of scrapes is rotated through the files that others apply, and no scrape fails', async () => {
  const before = stored();
  const rotating = start('credentials', 'rotate', environment, 'scrape');
  let commits = 0;
  for (const ended = rotating.ended.then(() => 'ended'); (await Promise.race([ended, sleep(300)])) !== 'ended'; ) {
    if (rotating.output().split('commit it and let it be applied').length - 1 === commits) continue;
    commits += 1;
    applyFiles();
  }
  const output = rotating.output();
  expect(await rotating.ended, output).toBe(0);
  expect(commits).toBe(3);
  const after = stored();
  expect(after['scrape-token']).not.toBe(before['scrape-token']);
  expect(after['scrape-tokens']).toBe(after['scrape-token']);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  expect(output).toMatch(/exporter with the old token: answered 401/);
  expect(output).toMatch(/scrapes of the exporter: none has failed/);
  for (const value of [before['scrape-token'], after['scrape-token']]) expect(output).not.toContain(value);
}, 300_000);

test('a rotation that is ended while it waits goes on where it was', async () => {
  const first = start('credentials', 'rotate', environment, 'scrape');
  while (!first.output().includes('commit it and let it be applied')) await sleep(100);
  first.child.kill('SIGINT');
  expect(await first.ended).not.toBe(0);
  expect(Object.keys(stored()).filter((key) => key.includes('.'))).toEqual([]);
  applyFiles();
  expect(stored()['scrape-token.next']).toMatch(/\w/);
  expect(first.output()).toContain('old and new are kept');
}, 120_000);
