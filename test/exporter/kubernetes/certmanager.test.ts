import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { until } from '../support/exporter.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type Issued, openssl, read } from '../support/openssl.ts';
import { at, exporterIn, startCluster } from './cluster.ts';

const web = { name: 'shop-web', namespace: 'shop', certificate: 'shop-tls' };
const leaf = { certificate: 'shop-web', source: 'cert-manager', chain_position: 'leaf' };
const family = (topic: string) => `lookout_certificate_${topic}`;
const of = { certificate: 'shop-web' };

const spec = { secretName: 'shop-web-tls', issuerRef: { name: 'letsencrypt', kind: 'ClusterIssuer' } };
const issued = {
  conditions: [{ type: 'Ready', status: 'True', reason: 'Ready', message: 'Certificate is up to date' }],
  notBefore: '2026-10-01T00:00:00Z',
  notAfter: '2026-12-30T00:00:00Z',
  renewalTime: '2026-11-30T00:00:00Z',
};

describe('a Certificate of cert-manager', () => {
  test('is shown with its times, its Secret and when it is to be renewed', async () => {
    const { api, certificates } = await cluster();
    certificates.put('shop-tls', { spec, status: issued });
    const { value } = await (await exporterIn(api, { certManager: [web] })).scrape();
    expect(value(family('not_before_timestamp_seconds'), leaf)).toBe(at('2026-10-01T00:00:00Z'));
    expect(value(family('not_after_timestamp_seconds'), leaf)).toBe(at('2026-12-30T00:00:00Z'));
    expect(value(family('renewal_timestamp_seconds'), leaf)).toBe(at('2026-11-30T00:00:00Z'));
    const managed = { ...of, secret_namespace: 'shop', secret: 'shop-web-tls', issuer: 'ClusterIssuer/letsencrypt' };
    expect(value(family('managed_info'), managed)).toBe(1);
    expect(value(family('ready'), of)).toBe(1);
    expect(value(family('failed_issuances'), of)).toBe(0);
    expect(value(family('last_failed_issuance_timestamp_seconds'), of)).toBe(0);
    expect(value('lookout_source_up', { collector: 'certificates', source: 'shop-web' })).toBe(1);
  });

  test('that was never issued is declared with times of 0, and says why in the words of cert-manager', async () => {
    const { api, certificates } = await cluster();
    certificates.put('shop-tls', { spec: { ...spec, issuerRef: { name: 'own' } } });
    const exporter = await exporterIn(api, { certManager: [web] });
    const { value } = await exporter.scrape();
    expect(value(family('not_after_timestamp_seconds'), leaf)).toBe(0);
    expect(value(family('renewal_timestamp_seconds'), leaf)).toBeUndefined();
    expect(value(family('managed_info'), { issuer: 'Issuer/own' })).toBe(1);
    expect(value(family('ready'), of)).toBe(0);

    const waits = { type: 'Ready', status: 'False', reason: 'DoesNotExist', message: 'Secret does not exist' };
    const failure = { failedIssuanceAttempts: 3, lastFailureTime: '2026-11-20T12:00:00Z' };
    certificates.put('shop-tls', { spec, status: { conditions: [waits], ...failure } });
    await until(async () => (await exporter.scrape()).value(family('failed_issuances'), of) === 3);
    const later = await exporter.scrape();
    expect(later.value(family('last_failed_issuance_timestamp_seconds'), of)).toBe(at('2026-11-20T12:00:00Z'));
    expect((await exporter.explain())[0]?.reading).toMatchObject({
      conditions: ['Ready=False DoesNotExist: Secret does not exist'],
    });
  });

  test('that does not exist, and one that is deleted, say so and keep the times that were known', async () => {
    const { api, certificates } = await cluster();
    const exporter = await exporterIn(api, { certManager: [web] });
    const first = await exporter.scrape();
    expect(first.value(family('not_after_timestamp_seconds'), leaf)).toBe(0);
    expect(first.value(family('ready'), of)).toBeUndefined();
    expect((await exporter.explain())[0]).toMatchObject({
      reason: 'not_found',
      message: 'Certificate shop/shop-tls does not exist',
    });
    certificates.put('shop-tls', { spec, status: issued });
    await until(async () => (await exporter.scrape()).value(family('ready'), of) === 1);
    certificates.delete('shop-tls');
    await until(async () => (await exporter.scrape()).value('lookout_source_up', { source: 'shop-web' }) === 0);
    const { value } = await exporter.scrape();
    expect(value(family('not_after_timestamp_seconds'), leaf)).toBe(at('2026-12-30T00:00:00Z'));
  });

  test('says that cert-manager is not installed where the cluster does not know of its kind', async () => {
    const { api } = await cluster();
    api.refuse('/apis/cert-manager.io/v1/namespaces/shop/certificates', 404, '404 page not found');
    const [source] = await (await exporterIn(api, { certManager: [web] })).explain();
    expect(source).toMatchObject({
      reason: 'not_installed',
      message: 'the cluster has no certificates of cert-manager.io/v1: what defines them is not installed',
    });
  });

  test('is asked for by its name alone', async () => {
    const { api } = await cluster();
    await exporterIn(api, { certManager: [web] });
    const asked = api.requests.map(({ url }) => `${url.pathname} ${url.searchParams.get('fieldSelector')}`);
    expect([...new Set(asked)].sort()).toEqual([
      '/apis/cert-manager.io/v1/namespaces/shop/certificates metadata.name=shop-tls',
      '/apis/cert-manager.io/v1/namespaces/shop/certificates/shop-tls null',
    ]);
  });
});

describe('a Secret that cert-manager writes', () => {
  const annotations = { 'cert-manager.io/certificate-name': 'shop-tls' };
  const secret = { name: 'shop-secret', namespace: 'shop', secret: 'shop-web-tls' };
  const renewal = (certificate: string) => [family('renewal_timestamp_seconds'), { certificate }] as const;

  test('is to be renewed with a third of its life left, and one of another origin is not', async () => {
    const { api, secrets } = await cluster();
    const pair = openssl(temporaryFolder()).selfSigned({
      name: 'shop.test',
      names: 'DNS:shop.test',
      from: '20260101000000Z',
      to: '20260401000000Z',
    });
    secrets.put('shop-web-tls', tls(pair), { annotations });
    secrets.put('origin-tls', tls(pair));
    const declared = [secret, { name: 'origin', namespace: 'shop', secret: 'origin-tls' }];
    const { value } = await (await exporterIn(api, { certificateSecrets: declared })).scrape();
    expect(value(...renewal('shop-secret'))).toBe(at('2026-03-02T00:00:00Z'));
    expect(value(...renewal('origin'))).toBeUndefined();
    const discovered = await exporterIn(api, { certificateDiscovery: { namespaces: ['shop'] } });
    expect((await discovered.scrape()).value(...renewal('shop/shop-web-tls'))).toBe(at('2026-03-02T00:00:00Z'));
  });

  test('is to be renewed just so where it is served', async () => {
    const { api, secrets } = await cluster();
    const pair = openssl(temporaryFolder()).selfSigned({
      name: 'shop.test',
      names: 'DNS:shop.test',
      from: '20260101000000Z',
      to: '20260401000000Z',
    });
    const port = await serve(pair);
    secrets.put('shop-web-tls', tls(pair), { annotations });
    const endpoint = { host: '127.0.0.1', port, serverName: 'shop.test', authority: null, timeout: 5 };
    const exporter = await exporterIn(api, {
      certificateSecrets: [secret],
      certificateEndpoints: [
        { ...endpoint, name: 'compared', expects: 'shop-secret' },
        { ...endpoint, name: 'alone', expects: null },
      ],
    });
    const served = async () => (await exporter.scrape()).value(...renewal('compared'));
    expect(await served()).toBe(at('2026-03-02T00:00:00Z'));
    expect((await exporter.scrape()).value(...renewal('alone'))).toBeUndefined();
    secrets.put('shop-web-tls', tls(openssl(temporaryFolder()).selfSigned({ name: 'x', names: 'DNS:shop.test' })), {
      annotations,
    });
    await until(async () => (await served()) === undefined);
    const matches = { certificate: 'compared', stored: 'shop-secret' };
    expect((await exporter.scrape()).value('lookout_certificate_served_matches_stored', matches)).toBe(0);
  });

  test('is renewed when its Certificate says, where that is declared', async () => {
    const { api, secrets, certificates } = await cluster();
    certificates.put('shop-tls', { spec, status: issued });
    secrets.put('shop-web-tls', tls(openssl(temporaryFolder()).selfSigned({ name: 'x', names: 'DNS:shop.test' })), {
      annotations,
    });
    const { value } = await (await exporterIn(api, { certificateSecrets: [secret], certManager: [web] })).scrape();
    expect(value(...renewal('shop-secret'))).toBeUndefined();
    expect(value(...renewal('shop-web'))).toBe(at('2026-11-30T00:00:00Z'));
  });
});

async function cluster() {
  const api = await startCluster();
  return {
    api,
    certificates: api.collection('/apis/cert-manager.io/v1/namespaces/shop/certificates'),
    secrets: api.collection('/api/v1/namespaces/shop/secrets'),
  };
}

async function serve({ certificate, key }: Issued): Promise<number> {
  const server = createServer({ cert: read(certificate), key: read(key) }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function tls({ certificate }: Issued) {
  return { type: 'kubernetes.io/tls', data: { 'tls.crt': Buffer.from(read(certificate)).toString('base64') } };
}
