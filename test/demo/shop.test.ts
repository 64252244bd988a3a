import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { json as streamJson } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ShopConfig } from '../../demo/app/config.ts';
import { openShop, type Shop } from '../../demo/app/shop.ts';
import { samples } from '../../demo/incidents/chain/sight.ts';
import { issueCertificate, issueCertificates } from '../../demo/jobs/authority.ts';
import { demoPaths } from '../../demo/paths.ts';
import { generations, run } from '../support/programs.ts';
import { temporaryFolder } from './folder.ts';

const anyPort = { host: '127.0.0.1', port: 0 };
const certificate = { name: 'shop-web', dnsNames: ['shop.test'], lifetimeDays: 90, renewBeforeDays: 30 };

interface OpenShop {
  readonly shop: Shop;
  readonly config: ShopConfig;
  readonly ask: (path: string, init?: RequestInit) => Promise<Response>;
  readonly metrics: () => Promise<string>;
  readonly fault: (faults: object) => void;
}

async function open(change: (config: ShopConfig) => ShopConfig = (config) => config): Promise<OpenShop> {
  const folder = temporaryFolder();
  const paths = demoPaths(join(folder, 'demo'));
  mkdirSync(paths.root);
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'first-token\n');
  const config = change({
    listen: anyPort,
    https: { ...anyPort, ...paths.certificate('shop-web') },
    health: anyPort,
    tokenFile,
    database: paths.database,
    faultsFile: paths.shopFaults,
    uploads: paths.uploads,
    traces: null,
  });
  const random = () => 0.5;
  const shop = await openShop(config, { log: pino({ level: 'silent' }), now: Date.now, random });
  onTestFinished(() => shop.close());
  const ask = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${shop.ports().http}${path}`, init);
  const metrics = async () => (await ask('/prometheus', { headers: { authorization: 'Bearer first-token' } })).text();
  return { shop, config, ask, metrics, fault: (faults) => writeFileSync(config.faultsFile, JSON.stringify(faults)) };
}

function json(body: object): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function buy({ ask }: OpenShop, product: number, quantity: number): Promise<Response> {
  const { id } = (await (await ask('/carts', { method: 'POST' })).json()) as { id: number };
  await ask(`/carts/${id}/items`, json({ product, quantity }));
  return ask(`/carts/${id}/checkout`, json({ email: 'visitor@shop.test' }));
}

describe('the shop', () => {
  test('sells: the order is stored and the stock is less', async () => {
    const shop = await open();
    const answer = await buy(shop, 3, 2);
    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ id: 1, cents: 2 * 3450 });
    const db = new DatabaseSync(shop.config.database, { readOnly: true });
    expect(db.prepare('SELECT quantity, cents FROM order_items').all()).toEqual([{ quantity: 2, cents: 3450 }]);
    expect(db.prepare('SELECT stock FROM products WHERE id = 3').get()).toEqual({ stock: 498 });
    db.close();
  });

  test('refuses what cannot be, each with its status', async () => {
    const shop = await open();
    expect((await shop.ask('/products/4711')).status).toBe(404);
    expect((await shop.ask('/products/first')).status).toBe(400);
    expect((await shop.ask('/carts/1/checkout', json({ email: 'visitor@shop.test' }))).status).toBe(404);
    expect((await shop.ask('/carts/1/checkout', json({ email: 'nobody' }))).status).toBe(400);
    const { id } = (await (await shop.ask('/carts', { method: 'POST' })).json()) as { id: number };
    expect((await shop.ask(`/carts/${id}/checkout`, json({ email: 'visitor@shop.test' }))).status).toBe(409);
    expect((await shop.ask('/no-such-page')).status).toBe(404);
  });

  test('keeps an uploaded picture and gives it back', async () => {
    const { ask, config } = await open();
    const body = new Uint8Array([1, 2, 3, 4]);
    const sent = await ask('/products/1/pictures', { method: 'POST', headers: { 'content-type': 'image/jpeg' }, body });
    const { id } = (await sent.json()) as { id: number };
    expect(readdirSync(config.uploads)).toHaveLength(1);
    expect(new Uint8Array(await (await ask(`/pictures/${id}`)).arrayBuffer())).toEqual(body);
  });

  test('shows people its products', async () => {
    const { ask } = await open();
    expect(await (await ask('/')).text()).toContain('<td>Brass lantern<td>49.00<td>500');
  });

  test('leaves no picture behind whose product does not exist', async () => {
    const { ask, config } = await open();
    const body = new Uint8Array([1]);
    const sent = await ask('/products/99/pictures', {
      method: 'POST',
      headers: { 'content-type': 'image/jpeg' },
      body,
    });
    expect(sent.status).toBe(404);
    expect(readdirSync(config.uploads)).toEqual([]);
  });
});

describe('its metrics', () => {
  test('are for who shows the token, and for the token of now', async () => {
    const { ask, metrics, config } = await open();
    expect((await ask('/prometheus')).status).toBe(401);
    expect((await ask('/prometheus', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
    expect(await metrics()).toContain('process_resident_memory_bytes');
    writeFileSync(config.tokenFile, 'second-token\n');
    await vi.waitFor(async () => {
      const second = await ask('/prometheus', { headers: { authorization: 'Bearer second-token' } });
      expect(second.status).toBe(200);
    });
    expect((await ask('/prometheus', { headers: { authorization: 'Bearer first-token' } })).status).toBe(401);
  });

  test.each(generations)('are clean to promtool ($name)', async ({ promtool }) => {
    const shop = await open();
    await buy(shop, 1, 1);
    expect(run(promtool, ['check', 'metrics'], { input: await shop.metrics() })).toBe('');
  });

  test('count every request by method, route and status, but not the scrapes', async () => {
    const { ask, metrics } = await open();
    await ask('/products/1');
    await ask('/products/2');
    await ask('/products/4711');
    await ask('/no-such-page');
    await metrics();
    const counted = async (route: string, status: string) =>
      samples(await metrics(), 'http_request_duration_seconds_count', { route, status_code: status });
    await vi.waitFor(async () => expect(await counted('/products/:id', '200')).toEqual([2]));
    expect(await counted('/products/:id', '404')).toEqual([1]);
    expect(await counted('unmatched', '404')).toEqual([1]);
    expect(await counted('/prometheus', '200')).toEqual([]);
  });

  test('tell of the pool as it is', async () => {
    const { ask, metrics, fault } = await open();
    fault({ queryDelay: 1 });
    await sleepUntilSlow(ask);
    const asked = Array.from({ length: 6 }, () => ask('/products'));
    await vi.waitFor(async () => {
      const text = await metrics();
      expect(samples(text, 'db_pool_connections', { state: 'in_use' })).toEqual([4]);
      expect(samples(text, 'db_pool_connections', { state: 'idle' })).toEqual([0]);
      expect(text).toMatch(/^http_requests_in_flight 6$/m);
    });
    await Promise.all(asked);
    const text = await metrics();
    expect(text).toMatch(/^db_pool_connections_max 4$/m);
    expect(samples(text, 'db_pool_wait_seconds_bucket', { le: '0.5' })[0]).toBeLessThan(
      samples(text, 'db_pool_wait_seconds_bucket', { le: '+Inf' })[0]!,
    );
    expect(text).toMatch(/^http_requests_in_flight 0$/m);
  });
});

async function sleepUntilSlow(ask: OpenShop['ask']): Promise<void> {
  await vi.waitFor(
    async () => {
      const begin = performance.now();
      await ask('/products');
      expect(performance.now() - begin).toBeGreaterThan(900);
    },
    { timeout: 10_000 },
  );
}

describe('its faults', () => {
  test('make requests fail with 500, which the metrics count, until they are gone', async () => {
    const { ask, metrics, fault, config } = await open();
    fault({ errorShare: 0.6 });
    await vi.waitFor(async () => expect((await ask('/products')).status).toBe(500));
    expect(samples(await metrics(), 'http_request_duration_seconds_count', { status_code: '500' })).toEqual([
      expect.any(Number),
    ]);
    rmSync(config.faultsFile);
    await vi.waitFor(async () => expect((await ask('/products')).status).toBe(200));
  });

  test('spare the requests above the share', async () => {
    const { ask, fault } = await open();
    fault({ errorShare: 0.4 });
    for (const _ of Array.from({ length: 4 })) {
      expect((await ask('/products')).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
  });

  test('close the listeners and nothing else: the health check still answers', async () => {
    const { shop, ask, fault, config } = await open();
    const { http, health } = shop.ports();
    fault({ down: true });
    const visit = () => fetch(`http://127.0.0.1:${http}/products`);
    await vi.waitFor(async () => expect(visit()).rejects.toThrow());
    expect((await fetch(`http://127.0.0.1:${health}/healthz`)).status).toBe(200);
    rmSync(config.faultsFile);
    await vi.waitFor(async () => expect((await ask('/products')).status).toBe(200));
  });

  test('that cannot be read leave the ones before', async () => {
    const { ask, fault, config } = await open();
    fault({ errorShare: 1 });
    await vi.waitFor(async () => expect((await ask('/products')).status).toBe(500));
    writeFileSync(config.faultsFile, '{ "errorShare": ');
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await ask('/products')).status).toBe(500);
  });
});

describe('its TLS', () => {
  test('opens with the certificate and follows its renewal', async () => {
    const { shop, config } = await open();
    const directory = join(config.https.certificate, '..');
    issueCertificates({ directory, certificates: [certificate] }, [], Date.now() / 1000);
    const first = await vi.waitFor(() => servedSerial(shop.ports().https));
    issueCertificate(directory, certificate);
    await vi.waitFor(async () => expect(await servedSerial(shop.ports().https)).not.toBe(first));
  });
});

function servedSerial(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, servername: 'shop.test', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    }).on('error', reject);
  });
}

describe('its traces', () => {
  test('show a request, its wait for a connection and its query as one trace', async () => {
    const received = await receiveSpans();
    const { ask } = await open((config) => ({ ...config, traces: { endpoint: received.endpoint, ratio: 1 } }));
    await ask('/products/7');
    await vi.waitFor(() => expect(received.spans()).toHaveLength(3), { timeout: 10_000 });
    const byName = Object.fromEntries(received.spans().map((span) => [span.name, span]));
    const [request, wait, query] = ['GET /products/:id', 'database find_product', 'query find_product'].map(
      (name) => byName[name]!,
    );
    expect(new Set(received.spans().map(({ traceId }) => traceId)).size).toBe(1);
    expect([wait?.parentSpanId, query?.parentSpanId]).toEqual([request?.spanId, wait?.spanId]);
  });

  test('that nobody receives cost no request and do not hold up the end', async () => {
    const endpoint = 'http://127.0.0.1:9/v1/traces';
    const { ask } = await open((config) => ({ ...config, traces: { endpoint, ratio: 1 } }));
    expect((await ask('/products')).status).toBe(200);
  });
});

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

/** An OTLP/HTTP receiver for JSON. */
async function receiveSpans(): Promise<{ readonly endpoint: string; readonly spans: () => readonly Span[] }> {
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    const body = (await streamJson(request)) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
    spans.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`, spans: () => spans };
}
