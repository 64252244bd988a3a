import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { configIn, root, scrape, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { openssl } from './support/openssl.ts';
import { isRunning, startProcess } from './support/process.ts';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runMain(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(root, 'exporter/main.ts'), ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

function writeConfig(content: unknown): string {
  const path = join(temporaryFolder(), 'exporter.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test('--help says how it is started', async () => {
  expect(await runMain('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--config <file>') });
});

test.each<readonly [string, () => readonly string[], RegExp]>([
  ['no configuration', () => [], /^--config <file.json> is missing/],
  ['an unknown option', () => ['--port', '1'], /Unknown option '--port'/],
  [
    'a file that is not there',
    () => ['--config', '/nowhere.json'],
    /could not read the configuration \/nowhere.json.*\n {2}because: ENOENT/,
  ],
  ['an empty file', () => ['--config', writeConfig('')], /must be JSON as "lookout build" writes it/],
  [
    'a key that is missing',
    () => ['--config', writeConfig({ ...valid(), node: undefined })],
    /: node: must be a string: it is missing\n$/,
  ],
  [
    'several mistakes, all at once',
    () => ['--config', writeConfig({ ...valid(), interval: '4s', volumes: [{ name: 1 }] })],
    /interval: must be a number: found "4s"\n.*volumes\[0\]\.name: must be a string: found 1\n(.*\n)+.*volumes\[0\]\.requested/,
  ],
  [
    'two backups of one name',
    () => ['--config', writeConfig({ ...valid(), backups: [backup, backup] })],
    /backups: the name "nightly" is used twice/,
  ],
])('with %s it ends with 1 and one clear message', async (_, args, message) => {
  const { code, stderr } = await runMain(...args());
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(stderr).not.toContain('    at ');
});

test('on an occupied port it ends with 1 and names the address', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const config = { ...valid(), listen: { host: '127.0.0.1', port } };
  const { code, stderr } = await runMain('--config', writeConfig(config));
  expect(code).toBe(1);
  expect(stderr).toContain(`could not listen on 127.0.0.1:${port}\n  because: listen EADDRINUSE`);
});

test('it says nothing but JSON lines, and never the token', async () => {
  const folder = temporaryFolder();
  const exporter = await startProcess(folder, {
    volumes: [{ name: 'gone', namespace: 'n', directory: join(folder, 'gone'), requested: null }],
  });
  await until(() => exporter.stderr().includes('not_found'));
  await exporter.terminate();
  const lines = exporter
    .stderr()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ level }) => level)).toEqual(['info', 'warn', 'info']);
  expect(lines[1]).toMatchObject({ collector: 'volumes', source: 'gone', reason: 'not_found' });
  expect(exporter.stderr()).not.toContain('the-token-of-the-tests');
});

test('relative paths of the configuration are relative to its file', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'data'));
  const volumes = [{ name: 'data', namespace: 'n', directory: 'data', requested: null }];
  const exporter = await startProcess(folder, { tokenFile: 'token', volumes });
  await until(async () => (await scrape(exporter.url)).value('lookout_source_up') === 1);
});

test('a configuration that serves all nodes leaves their name to each', async () => {
  const folder = temporaryFolder();
  const volumes = [{ name: 'data', namespace: 'n', directory: folder, requested: null }];
  const exporter = await startProcess(folder, { node: '', volumes }, ['env', 'NODE_NAME=node-7']);
  await until(async () => (await scrape(exporter.url)).text.includes('lookout_filesystem_size_bytes{node="node-7"'));
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s ends it and its children, however often it comes',
  async (signal) => {
    const folder = temporaryFolder();
    const exporter = await startProcess(folder, {
      interval: 0.05,
      volumes: [{ name: 'large', namespace: 'n', directory: '/usr', requested: null }],
    });
    await until(() => exporter.children().length > 0);
    const children = exporter.children();
    for (let times = 0; times < 3; times += 1) exporter.process.kill(signal);
    await once(exporter.process, 'exit');
    expect(exporter.process.exitCode).toBe(0);
    await until(() => !children.some(isRunning));
  },
);

test('it ends when the process that started it is gone', async () => {
  const folder = temporaryFolder();
  const config = join(folder, 'exporter.json');
  writeFileSync(config, JSON.stringify(configIn(folder, {})));
  const child = fork(join(root, 'exporter/main.ts'), ['--config', config], { silent: true });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stderr?.once('data', () => child.disconnect());
  const [code] = await once(child, 'exit');
  expect(code).toBe(0);
});

test('killed outright it leaves no child behind, not even one that reads for long', async () => {
  const folder = temporaryFolder();
  const exporter = await startProcess(folder, {
    volumes: [{ name: 'large', namespace: 'n', directory: '/', requested: null }],
  });
  await until(() => exporter.children().length > 0);
  const children = exporter.children();
  exporter.process.kill('SIGKILL');
  await until(() => !children.some(isRunning));
});

test('a directory and a certificate that must not be read say so, and the rest is read', async () => {
  const folder = temporaryFolder();
  const closed = join(folder, 'closed');
  mkdirSync(join(folder, 'open', 'inner'), { recursive: true });
  mkdirSync(closed);
  openssl(closed).selfSigned({ name: 'shop', names: 'DNS:shop.test' });
  chmodSync(closed, 0);
  chmodSync(join(folder, 'open', 'inner'), 0);
  const volume = (name: string, directory: string) => ({ name, namespace: 'n', directory, requested: null });
  const exporter = await startProcess(
    folder,
    {
      volumes: [volume('closed', closed), volume('partly', join(folder, 'open')), volume('open', root)],
      certificateFiles: [{ name: 'shop', path: join(closed, 'shop.pem') }],
    },
    withoutPrivilege,
  );
  await until(async () => (await fetch(`${exporter.url}/readyz`)).ok);
  const { value } = await scrape(exporter.url);
  expect(value('lookout_volume_unmeasured', { claim: 'closed', reason: 'permission_denied' })).toBe(1);
  expect(value('lookout_source_errors_total', { source: 'shop', reason: 'permission_denied' })).toBe(1);
  expect(value('lookout_volume_unmeasured', { claim: 'partly', reason: 'permission_denied' })).toBe(1);
  expect(
    value('lookout_volume_used_bytes', { claim: 'partly', scope: 'volume' }),
    'half a sum is no sum',
  ).toBeUndefined();
  expect(value('lookout_volume_capacity_bytes', { claim: 'partly', scope: 'filesystem' })).toBeGreaterThan(0);
  expect(value('lookout_volume_unmeasured', { claim: 'open' })).toBeUndefined();
});

/** Root may read everything; without these two capabilities it may not. */
const withoutPrivilege =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--'] : [];

const backup = {
  name: 'nightly',
  directory: '/backups',
  pattern: '%Y.gz',
  engine: 'files',
  schedule: null,
  timezone: 'UTC',
  clock: 'UTC',
  expectedInterval: 60,
  grace: 1,
  settle: 1,
  retention: null,
  ignore: [],
};

function valid(): object {
  return configIn(temporaryFolder(), {});
}
