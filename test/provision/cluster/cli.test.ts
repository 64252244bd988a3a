import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { stopped } from '../../../provision/cli/stopped.ts';
import { temporaryFolder } from '../../exporter/support/folder.ts';
import { lookout } from '../../support/lookout.ts';

const kubeconfig = {
  clusters: [{ name: 'there', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [],
  contexts: ['shop', 'staging'].map((name) => ({ name, context: { cluster: 'there' } })),
  'current-context': 'staging',
};

/** An environment and a kubeconfig of two contexts. */
function environment(text: string) {
  const folder = temporaryFolder();
  const home = join(folder, 'shop');
  mkdirSync(home);
  writeFileSync(join(home, 'environment.yaml'), text);
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, JSON.stringify(kubeconfig));
  return { home, file, run: (...argv: readonly string[]) => lookout([...argv, home], folder, { KUBECONFIG: file }) };
}

const commands = ['plan', 'apply', 'destroy', 'release'];

test.each(commands)('%s of a stack on one machine says what runs it', async (command) => {
  const { code, reported } = await environment('platform: local\nnamespace: shop\n').run(command);
  expect([code, reported.join('\n')]).toEqual([1, expect.stringContaining('is of platform local: "lookout up')]);
});

test.each(commands)('%s never takes the current context of the kubeconfig', async (command) => {
  const { code, reported } = await environment('platform: kubernetes\nnamespace: shop\n').run(command);
  expect(code).toBe(1);
  expect(reported.join('\n')).toMatch(/names no context: .* the kubeconfig has shop, staging/);
});

test.each(commands)('%s with a context that does not exist tells those that do', async (command) => {
  const { file, run } = environment('platform: kubernetes\nnamespace: shop\ncluster: { context: prod }\n');
  expect(await run(command)).toMatchObject({
    code: 1,
    reported: [`${file} has no context prod: there are shop, staging`],
  });
});

test('a person who stops a command is told what that means, wherever it was; other failures stay what they are', async () => {
  const stop = new AbortController();
  const told = (work: Promise<unknown>) => stopped(work, { signal: stop.signal }, 'it goes on');
  await expect(told(Promise.reject(new Error('no space')))).rejects.toThrow('no space');
  const waiting = told(setTimeout(60_000, undefined, { signal: stop.signal }));
  stop.abort('SIGINT');
  await expect(waiting).rejects.toThrow('stopped: it goes on');
  const looking = async () => stop.signal.throwIfAborted();
  await expect(told(looking())).rejects.toThrow('stopped: it goes on');
  await expect(told(Promise.reject(new Error('no space')))).rejects.toThrow('no space');
});
