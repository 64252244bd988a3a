import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scrapeFiles } from '../../scrape/index.ts';
import type { Probe, Stack } from '../../stack/types.ts';
import { freePort } from '../dashboards/proof/server.ts';
import { expectGolden } from '../support/golden.ts';
import { run } from '../support/programs.ts';
import { localStack, productionStack } from '../support/stacks.ts';

const program = 'prometheus-blackbox-exporter';
const [page] = productionStack.probes as readonly [Probe, Probe];

const content = (stack: Stack, path: string) => scrapeFiles(stack).find((file) => file.path === path)?.content;

describe('blackbox.yml', () => {
  test('is as recorded', () =>
    expectGolden('scrape/production.blackbox.yml', content(productionStack, 'blackbox/blackbox.yml')!));

  test('is made for a blackbox exporter of our own only', () => {
    const cluster = productionStack.cluster!;
    const existing = { kind: 'existing', address: 'blackbox.monitoring:9115' } as const;
    const stack = {
      ...productionStack,
      cluster: { ...cluster, components: { ...cluster.components, blackbox: existing } },
    };
    expect(content(stack, 'blackbox/blackbox.yml')).toBeUndefined();
    const { scrape_configs: jobs } = parse(content(stack, 'prometheus/prometheus.yml')!);
    expect(JSON.stringify(jobs)).toContain('"replacement":"blackbox.monitoring:9115"');
    expect(content(localStack, 'blackbox/blackbox.yml')).toBeUndefined();
  });
});

/** Asks real servers as the built configuration of these probes tells. */
describe('a real blackbox exporter', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lookout-probes-'));
  let pages: Server;
  let shop: string;
  let exporter: ChildProcess;
  let address: string;
  const probes: Probe[] = [];

  const declare = (name: string, more: Partial<Probe>) => probes.push({ ...page, name, module: name, ...more });

  beforeAll(async () => {
    pages = createServer((request, response) => {
      if (request.url === '/old') return response.writeHead(302, { location: '/login' }).end();
      if (request.url === '/broken') return response.writeHead(503).end('Log in (here)');
      if (request.url === '/late') return setTimeout(() => response.end('late'), 1500);
      return response.end('Log in (here)');
    }).listen(0, '127.0.0.1');
    await once(pages, 'listening');
    shop = `127.0.0.1:${(pages.address() as AddressInfo).port}`;
    declare('good', { target: `http://${shop}/login`, contains: 'Log in (here)' });
    declare('other-words', { target: `http://${shop}/login`, contains: 'Log in .here.' });
    declare('broken', { target: `http://${shop}/broken` });
    declare('broken-is-good', { target: `http://${shop}/broken`, status: [503] });
    declare('followed', { target: `http://${shop}/old` });
    declare('not-followed', { target: `http://${shop}/old`, redirects: false });
    declare('late', { target: `http://${shop}/late`, timeout: 1 });
    declare('server', { kind: 'tcp', target: shop });
    const closed = createTcpServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    declare('nobody', { kind: 'tcp', target: `127.0.0.1:${(closed.address() as AddressInfo).port}` });
    closed.close();
    const file = join(directory, 'blackbox.yml');
    writeFileSync(file, content({ ...productionStack, probes }, 'blackbox/blackbox.yml')!);
    address = `127.0.0.1:${await freePort()}`;
    exporter = spawn(program, [`--config.file=${file}`, `--web.listen-address=${address}`], { stdio: 'ignore' });
    while ((await fetch(`http://${address}/-/healthy`).catch(() => undefined))?.ok !== true) await sleep(50);
  });
  afterAll(() => {
    exporter.kill('SIGTERM');
    pages.close();
    pages.closeAllConnections();
    rmSync(directory, { recursive: true, force: true });
  });

  test.each([
    ['good', 1],
    ['other-words', 0],
    ['broken', 0],
    ['broken-is-good', 1],
    ['followed', 1],
    ['not-followed', 0],
    ['late', 0],
    ['server', 1],
    ['nobody', 0],
  ])('says of %s that it is %i', async (name, success) => {
    const probe = probes.find((each) => each.name === name)!;
    const query = new URLSearchParams({ target: probe.target, module: probe.module });
    const answer = await (await fetch(`http://${address}/probe?${query}`)).text();
    expect(answer).toMatch(new RegExp(`^probe_success ${success}$`, 'm'));
  });

  test('takes the configuration of every kind of probe', () => {
    const file = join(directory, 'blackbox.yml');
    expect(run(program, ['--config.check', `--config.file=${file}`])).not.toMatch(/error/i);
  });
});
