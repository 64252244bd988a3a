import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { getHeapSnapshot } from 'node:v8';
import { describe, expect, onTestFinished, test } from 'vitest';
import { discovery } from '../../../exporter/collectors/secrets/discovery.ts';
import { kubernetesOf } from '../../../exporter/kubernetes/kubernetes.ts';
import { runExporterIn, until } from '../support/exporter.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Issued, openssl, read } from '../support/openssl.ts';
import { at, exporterIn, startCluster } from './cluster.ts';
import type { FakeKubernetesApi } from './fake-kubernetes-api.ts';

const web = { name: 'shop-web', namespace: 'shop', secret: 'fe-tls-secret' };
const leaf = { certificate: 'shop-web', source: 'secret', chain_position: 'leaf' };
const notAfter = 'lookout_certificate_not_after_timestamp_seconds';
const up = 'lookout_source_up';

describe('a declared TLS Secret', () => {
  test('is shown as a file with the same certificates would be', async () => {
    const { api, secrets } = await cluster();
    const { signedBy, selfSigned } = openssl(temporaryFolder());
    const authority = selfSigned({ name: 'authority', authority: true, to: '20300101000000Z' });
    const issued = signedBy(authority, { name: 'shop.test', names: 'DNS:shop.test', to: '20270203040506Z' });
    secrets.put('fe-tls-secret', tls(issued, authority));
    const files = [{ name: 'stored', path: issued.certificate }];
    const { value, samples } = await (
      await exporterIn(api, { certificateSecrets: [web], certificateFiles: files })
    ).scrape();
    expect(value(notAfter, leaf)).toBe(at('2027-02-03T04:05:06Z'));
    expect(value(notAfter, { ...leaf, chain_position: 'root' })).toBe(at('2030-01-01T00:00:00Z'));
    const info = samples.filter(
      ({ name, labels }) => name === 'lookout_certificate_info' && labels['chain_position'] === 'leaf',
    );
    const [stored, secret] = info.map(({ labels: { certificate, source, ...facts } }) => facts);
    expect(secret).toEqual(stored);
    expect(value(up, { collector: 'certificates', source: 'shop-web' })).toBe(1);
  });

  test('is followed through its renewal, its end and its return', async () => {
    const { api, secrets } = await cluster();
    const exporter = await exporterIn(api, { certificateSecrets: [web] });
    const first = await exporter.scrape();
    expect(first.value(notAfter, leaf)).toBe(0);
    expect(first.value(up, { source: 'shop-web' })).toBe(0);
    expect((await exporter.explain())[0]).toMatchObject({
      reason: 'not_found',
      message: 'Secret shop/fe-tls-secret does not exist',
    });
    const { selfSigned } = openssl(temporaryFolder());
    const ends = async () => (await exporter.scrape()).value(notAfter, leaf);
    secrets.put('fe-tls-secret', tls(selfSigned({ name: 'old', names: 'DNS:shop.test', to: '20270101000000Z' })));
    await until(async () => (await ends()) === at('2027-01-01T00:00:00Z'));
    secrets.put('fe-tls-secret', tls(selfSigned({ name: 'new', names: 'DNS:shop.test', to: '20280101000000Z' })));
    await until(async () => (await ends()) === at('2028-01-01T00:00:00Z'));
    secrets.delete('fe-tls-secret');
    await until(async () => (await exporter.scrape()).value(up, { source: 'shop-web' }) === 0);
    expect(await ends()).toBe(at('2028-01-01T00:00:00Z'));
    secrets.put('fe-tls-secret', tls(selfSigned({ name: 'third', names: 'DNS:shop.test', to: '20290101000000Z' })));
    await until(async () => (await ends()) === at('2029-01-01T00:00:00Z'));
  });

  test.each([
    { what: 'without a certificate', data: {}, reason: 'no_certificate_found', message: 'has no key tls.crt' },
    { what: 'without data', data: undefined, reason: 'no_certificate_found', message: 'has no key tls.crt' },
    {
      what: 'with an empty certificate',
      data: { 'tls.crt': '' },
      reason: 'no_certificate_found',
      message: 'tls.crt of Secret',
    },
    {
      what: 'with a broken certificate',
      data: { 'tls.crt': base64('-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n') },
      reason: 'bad_pem',
      message: 'certificate 1 of tls.crt of Secret shop/fe-tls-secret',
    },
  ])('$what says so', async ({ data, reason, message }) => {
    const { api, secrets } = await cluster();
    secrets.put('fe-tls-secret', data === undefined ? {} : { data });
    const exporter = await exporterIn(api, { certificateSecrets: [web] });
    expect((await exporter.explain())[0]).toMatchObject({ reason, message: expect.stringContaining(message) });
    expect((await exporter.scrape()).value(notAfter, leaf)).toBe(0);
  });

  test('is what an endpoint is compared with that is declared to serve it', async () => {
    const { api, secrets } = await cluster();
    const { selfSigned } = openssl(temporaryFolder());
    const served = selfSigned({ name: 'served', names: 'DNS:shop.test' });
    const port = await serve(served);
    secrets.put('fe-tls-secret', tls(served));
    const endpoint = { host: '127.0.0.1', port, serverName: 'shop.test', authority: null, timeout: 5 };
    const certificateEndpoints = [{ name: 'endpoint', expects: 'shop-web', ...endpoint }];
    const exporter = await exporterIn(api, { certificateSecrets: [web], certificateEndpoints });
    const matches = async () =>
      (await exporter.scrape()).value('lookout_certificate_served_matches_stored', { stored: 'shop-web' });
    expect(await matches()).toBe(1);
    secrets.put('fe-tls-secret', tls(selfSigned({ name: 'renewed', names: 'DNS:shop.test' })));
    await until(async () => (await matches()) === 0);
  });

  test('asks for nothing but this Secret', async () => {
    const { api } = await cluster();
    await exporterIn(api, { certificateSecrets: [web] });
    const asked = api.requests.map(({ url }) => `${url.pathname} ${url.searchParams.get('fieldSelector')}`);
    expect([...new Set(asked)].sort()).toEqual([
      '/api/v1/namespaces/shop/secrets metadata.name=fe-tls-secret',
      '/api/v1/namespaces/shop/secrets/fe-tls-secret null',
    ]);
  });
});

describe('discovered TLS Secrets', () => {
  test('are certificates by their namespace and name, but for those that are declared', async () => {
    const { api, secrets } = await cluster();
    const { selfSigned } = openssl(temporaryFolder());
    for (const name of ['fe-tls-secret', 'one', 'two'])
      secrets.put(name, tls(selfSigned({ name, names: 'DNS:shop.test' })));
    const exporter = await exporterIn(api, {
      certificateSecrets: [web],
      certificateDiscovery: { namespaces: ['shop'] },
    });
    expect(await shown(exporter)).toEqual(['shop-web', 'shop/one', 'shop/two']);
    secrets.delete('one');
    secrets.put('three', tls(selfSigned({ name: 'three', names: 'DNS:shop.test' })));
    await until(async () => String(await shown(exporter)) === 'shop-web,shop/three,shop/two');
    const asked = api.requests
      .filter(({ kind }) => kind === 'page')
      .map(({ url }) => url.searchParams.get('fieldSelector'));
    expect(asked).toEqual(['type=kubernetes.io/tls']);
  });

  test('are those of all namespaces when none is named', async () => {
    const { api } = await cluster();
    const everywhere = api.collection('/api/v1/secrets');
    const issued = openssl(temporaryFolder()).selfSigned({ name: 'one', names: 'DNS:shop.test' });
    for (const namespace of ['a', 'b']) everywhere.put(`tls-${namespace}`, tls(issued), { namespace });
    const exporter = await exporterIn(api, { certificateDiscovery: { namespaces: [] } });
    expect(await shown(exporter)).toEqual(['a/tls-a', 'b/tls-b']);
  });

  test('are rendered again exactly when they have changed, also when everything is read again', async () => {
    const { api, secrets } = await cluster();
    api.bookmarks = false;
    const { selfSigned } = openssl(temporaryFolder());
    const [first, second] = ['first', 'second'].map((name) => tls(selfSigned({ name, names: 'DNS:shop.test' })));
    const names = Array.from({ length: 300 }, (_, number) => `tls-${number}`);
    for (const name of names) secrets.put(name, first!);
    const { rendered, told } = discover(api);
    await until(() => told.length > 0);
    expect(rendered.splice(0).length).toBe(300);
    for (const name of ['tls-7', 'tls-70', 'tls-270']) secrets.put(name, second!);
    secrets.delete('tls-8');
    await until(() => rendered.length >= 4);
    expect(rendered.splice(0).sort()).toEqual(['shop/tls-270', 'shop/tls-7', 'shop/tls-70', 'shop/tls-8']);
    await api.stop();
    secrets.put('tls-9', second!);
    secrets.delete('tls-10');
    secrets.compact();
    await api.start();
    await until(() => rendered.length >= 2);
    expect(rendered.sort()).toEqual(['shop/tls-10', 'shop/tls-9']);
    expect(api.count('page')).toBe(6);
  });

  test('that have no certificate are told by name while the others are shown', async () => {
    const { api, secrets } = await cluster();
    const issued = openssl(temporaryFolder()).selfSigned({ name: 'one', names: 'DNS:shop.test' });
    secrets.put('good', tls(issued));
    for (let number = 0; number < 7; number++) secrets.put(`bad-${number}`, { data: { 'tls.crt': '' } });
    const exporter = await exporterIn(api, { certificateDiscovery: { namespaces: ['shop'] } });
    expect(await shown(exporter)).toEqual(['shop/good']);
    const [source] = await exporter.explain();
    expect(source).toMatchObject({
      source: 'TLS Secrets in shop',
      reason: 'no_certificate_found',
      reading: { secrets: 1 },
    });
    expect(source?.message).toMatch(/Secret shop\/bad-0 .*; .*and 2 more$/);
    for (let number = 0; number < 7; number++) secrets.put(`bad-${number}`, tls(issued));
    await until(async () => (await exporter.scrape()).value(up, { source: 'TLS Secrets in shop' }) === 1);
    secrets.put('good', { data: {} });
    await until(async () => !(await shown(exporter)).includes('shop/good'));
  });
});

test('no private key is held, neither of declared nor of discovered Secrets', async () => {
  const key = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')] as const;
  const exporter = await exporterThatSaw(key);
  expect(await shown(exporter)).toEqual(['shop-web']);
  const held = await heldStrings();
  expect(held).toContain(key[0]);
  expect(held.some((text) => text.includes(key[0]) && text.includes(key[1]))).toBe(false);
});

test('without a service account the reason is told', async () => {
  const exporter = await runExporterIn(temporaryFolder(), {
    certificateSecrets: [web],
  });
  expect((await exporter.explain())[0]).toMatchObject({
    reason: 'no_service_account',
    message: expect.stringContaining('run the exporter as a pod with a service account'),
  });
});

async function cluster() {
  const api = await startCluster();
  return { api, secrets: api.collection('/api/v1/namespaces/shop/secrets') };
}

/** Follows them until the test ends; gives which were rendered, and what was told of them all. */
function discover(api: FakeKubernetesApi) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const rendered: string[] = [];
  const told: unknown[] = [];
  const kubernetes = kubernetesOf(api.access, 'test');
  const show = (object: string) => void rendered.push(object);
  void discovery('shop', new Set(), new Set()).follow({
    signal: stop.signal,
    kubernetes,
    show,
    tell: (outcome) => told.push(outcome),
  });
  return { rendered, told };
}

function tls(...chain: readonly Issued[]) {
  const text = chain.map(({ certificate }) => read(certificate)).join('');
  return { type: 'kubernetes.io/tls', data: { 'tls.crt': base64(text), 'tls.key': base64('secret') } };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

async function shown(exporter: Awaited<ReturnType<typeof exporterIn>>): Promise<readonly string[]> {
  const { samples } = await exporter.scrape();
  return samples
    .filter(({ name }) => name === notAfter)
    .map(({ labels }) => labels['certificate'] ?? '')
    .sort();
}

async function serve({ certificate, key }: Issued): Promise<number> {
  const server = createServer({ cert: read(certificate), key: read(key) }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** An exporter that has read Secrets with a key of these two halves, so that nobody else holds the whole. */
async function exporterThatSaw(halves: readonly [string, string]) {
  const { api, secrets } = await cluster();
  const { 'tls.crt': certificate } = tls(
    openssl(temporaryFolder()).selfSigned({ name: 'one', names: 'DNS:shop.test' }),
  ).data;
  const data = { 'tls.key': halves.join(''), 'tls.crt': certificate };
  for (const name of ['fe-tls-secret', 'other']) secrets.put(name, { data });
  const exporter = await exporterIn(api, { certificateSecrets: [web], certificateDiscovery: { namespaces: ['shop'] } });
  secrets.put('other', { data: { 'tls.key': halves.join('') } });
  await until(async () => !(await shown(exporter)).includes('shop/other'));
  api.forget();
  return exporter;
}

/** The begin of every string of this process, after garbage was collected. Format: V8's heap snapshots. */
async function heldStrings(): Promise<readonly string[]> {
  const chunks: string[] = [];
  for await (const chunk of getHeapSnapshot()) chunks.push(String(chunk));
  return (JSON.parse(chunks.join('')) as { readonly strings: readonly string[] }).strings;
}
