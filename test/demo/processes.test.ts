import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ShopConfig } from '../../demo/app/config.ts';
import { samples } from '../../demo/incidents/chain/sight.ts';
import type { JobsConfig } from '../../demo/jobs/config.ts';
import { demoPaths } from '../../demo/paths.ts';
import { temporaryFolder } from './folder.ts';

const root = resolve(import.meta.dirname, '../..');
const host = '127.0.0.1';

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, host));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

interface Running {
  readonly child: ChildProcess;
  readonly log: () => string;
}

function startPart(entry: string, folder: string, config: ShopConfig | JobsConfig): Running {
  const file = join(folder, `${entry.replaceAll('/', '-')}.json`);
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(process.execPath, [join(root, entry), '--config', file], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let log = '';
  child.stderr?.on('data', (chunk) => {
    log += chunk;
  });
  return { child, log: () => log };
}

const healthy = (port: number) =>
  vi.waitFor(async () => expect((await fetch(`http://${host}:${port}/healthz`)).status).toBe(200), { timeout: 20_000 });

async function startBoth() {
  const folder = temporaryFolder();
  const paths = demoPaths(join(folder, 'demo'));
  const [http, https, shopHealth, jobsHealth] = (await freePorts(4)) as [number, number, number, number];
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'the-token');
  const app = startPart('demo/app/main.ts', folder, {
    listen: { host, port: http },
    https: { host, port: https, ...paths.certificate('shop-web') },
    health: { host, port: shopHealth },
    tokenFile,
    database: paths.database,
    faultsFile: paths.shopFaults,
    uploads: paths.uploads,
    traces: null,
  });
  const jobs = startPart('demo/jobs/main.ts', folder, {
    health: { host, port: jobsHealth },
    visitor: { shop: `http://${host}:${http}`, requestsPerSecond: 20 },
    backup: {
      database: paths.database,
      directory: paths.backups,
      requestFile: paths.backupRequest,
      schedule: '* * * * *',
      timezone: 'UTC',
      retention: { age: 1800, floor: 3 },
    },
    authority: {
      directory: paths.certificates,
      certificates: [{ name: 'shop-web', dnsNames: ['shop.test'], lifetimeDays: 90, renewBeforeDays: 30 }],
    },
    faultsFile: paths.jobFaults,
  });
  await Promise.all([healthy(shopHealth), healthy(jobsHealth)]);
  const metrics = async () =>
    (await fetch(`http://${host}:${http}/prometheus`, { headers: { authorization: 'Bearer the-token' } })).text();
  return { app, jobs, paths, metrics };
}

test('the shop and its jobs run: visitors visit, a first backup and certificates are there', async () => {
  const { paths, metrics, jobs, app } = await startBoth();
  await vi.waitFor(
    async () => {
      const text = await metrics();
      for (const route of ['/', '/products', '/products/:id', '/carts', '/carts/:id/checkout'])
        expect(samples(text, 'http_request_duration_seconds_count', { route }).length, route).toBeGreaterThan(0);
      // The first one is made at the start, and a second one when a minute begins meanwhile.
      const dumps = readdirSync(paths.backups);
      expect(dumps.length).toBeGreaterThan(0);
      for (const dump of dumps) expect(dump).toMatch(/^shop_\d{8}_\d{6}\.sql\.gz$/);
    },
    { timeout: 30_000, interval: 250 },
  );
  expect(readdirSync(paths.certificates).sort()).toEqual(['ca.key', 'ca.pem', 'shop-web.key', 'shop-web.pem']);
  for (const line of `${app.log()}${jobs.log()}`.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('level');
});

test('SIGTERM ends both, however often it comes', async () => {
  const { app, jobs } = await startBoth();
  for (const { child } of [app, jobs]) for (const _ of [1, 2, 3]) child.kill('SIGTERM');
  const ends = await Promise.all([app, jobs].map(({ child }) => once(child, 'exit')));
  expect(ends).toEqual([
    [0, null],
    [0, null],
  ]);
});

test('both end when their supervisor is gone', async () => {
  const { app, jobs } = await startBoth();
  const ends = Promise.all([app, jobs].map(({ child }) => once(child, 'exit')));
  for (const { child } of [app, jobs]) child.disconnect();
  expect((await ends).map(([code]) => code)).toEqual([0, 0]);
});

test.each([
  ['missing', [], /^--config <path> is missing/],
  ['broken', ['--config', 'broken.json'], /^could not read the configuration broken\.json$/],
  [
    'of an address that is taken',
    ['--config', 'taken.json'],
    /^could not listen on 127\.0\.0\.1:\d+: is another program/,
  ],
])('a configuration that is %s is told in one line of the log', async (_what, args, message) => {
  const cwd = temporaryFolder();
  const taken = createServer().listen(0, host);
  onTestFinished(() => void taken.close());
  await once(taken, 'listening');
  const { certificate, key } = demoPaths(cwd).certificate('shop-web');
  const here = { host, port: (taken.address() as AddressInfo).port };
  const paths = { tokenFile: join(cwd, 'token'), database: join(cwd, 'shop.sqlite'), faultsFile: '', uploads: cwd };
  const config = { listen: here, https: { ...here, certificate, key }, health: here, traces: null, ...paths };
  writeFileSync(join(cwd, 'broken.json'), '{');
  writeFileSync(join(cwd, 'token'), 'the-token');
  writeFileSync(join(cwd, 'taken.json'), JSON.stringify(config));
  const entry = join(root, 'demo/app/main.ts');
  const child = spawn(process.execPath, [entry, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  const [text, [code]] = await Promise.all([readAll(child), once(child, 'exit')]);
  expect(code).toBe(1);
  const fatal = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ level }) => level === 'fatal');
  expect(fatal).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })]);
});

async function readAll({ stderr }: ChildProcess): Promise<string> {
  let text = '';
  if (stderr !== null) for await (const chunk of stderr) text += chunk;
  return text;
}
