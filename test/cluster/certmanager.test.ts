import { afterAll, describe, expect, test } from 'vitest';
import type { ExporterConfig } from '../../exporter/config.ts';
import { kubernetesOf } from '../../exporter/kubernetes/kubernetes.ts';
import { runExporterIn, until } from '../exporter/support/exporter.ts';
import { temporaryFolder } from '../exporter/support/folder.ts';
import { accessOf, serviceAccount } from './support/access.ts';
import { defineCertificates, forgetCertificates, hasCertificates, withoutGo } from './support/definitions.ts';
import { apply, kubectl, temporaryNamespace } from './support/kubectl.ts';

const namespace = temporaryNamespace();
const rule = { apiGroups: ['cert-manager.io'], resources: ['certificates'], resourceNames: ['shop-tls'] };
serviceAccount({ namespace, name: 'both' }, [{ namespace, rules: [{ ...rule, verbs: ['get', 'watch'] }] }]);
for (const verb of ['get', 'watch'])
  serviceAccount({ namespace, name: verb }, [{ namespace, rules: [{ ...rule, verbs: [verb] }] }]);

const of = { certificate: 'shop-web' };
const leaf = { ...of, source: 'cert-manager', chain_position: 'leaf' };
const family = (topic: string) => `lookout_certificate_${topic}`;

/** Where somebody else has defined them nothing is changed, and nothing is missing. */
const defined = hasCertificates();
const reason = defined ? undefined : withoutGo();
const because = reason === undefined ? '' : ` (${reason})`;
if (!defined) afterAll(forgetCertificates);

describe.skipIf(defined || reason !== undefined)(`a cluster without cert-manager${because}`, () => {
  test('is told as that, and a Certificate is found as soon as there is one', { timeout: 180_000 }, async () => {
    const exporter = await exporterOf('both');
    expect((await exporter.explain())[0]).toMatchObject({
      reason: 'not_installed',
      message: 'the cluster has no certificates of cert-manager.io/v1: what defines them is not installed',
    });
    defineCertificates();
    certificate();
    status({ conditions: [ready('True', 'Ready')], notAfter: '2027-03-01T00:00:00Z' });
    await until(async () => (await exporter.scrape()).value(family('ready'), of) === 1);
  });
});

describe.skipIf(reason !== undefined)(`a Certificate of cert-manager in a real API server${because}`, () => {
  test('is followed through issuing, renewal that fails and its end', async () => {
    if (defined) certificate();
    status({ conditions: [ready('False', 'DoesNotExist')] });
    const exporter = await exporterOf('both');
    const value = async (topic: string, labels: object = of) =>
      (await exporter.scrape()).value(family(topic), { ...labels });
    expect(await value('ready')).toBe(0);
    expect(await value('managed_info', { issuer: 'ClusterIssuer/letsencrypt', secret: 'shop-web-tls' })).toBe(1);

    status({
      conditions: [ready('True', 'Ready')],
      notBefore: '2026-12-01T00:00:00Z',
      notAfter: '2027-03-01T00:00:00Z',
      renewalTime: '2027-01-30T00:00:00Z',
      revision: 1,
    });
    await until(async () => (await value('ready')) === 1);
    expect(await value('not_before_timestamp_seconds', leaf)).toBe(Date.UTC(2026, 11, 1) / 1000);
    expect(await value('not_after_timestamp_seconds', leaf)).toBe(Date.UTC(2027, 2, 1) / 1000);
    expect(await value('renewal_timestamp_seconds', leaf)).toBe(Date.UTC(2027, 0, 30) / 1000);
    expect(await value('failed_issuances')).toBe(0);

    status({ failedIssuanceAttempts: 2, lastFailureTime: '2027-01-30T01:00:00Z' });
    await until(async () => (await value('failed_issuances')) === 2);
    expect(await value('last_failed_issuance_timestamp_seconds')).toBe(Date.UTC(2027, 0, 30, 1) / 1000);

    kubectl(['delete', 'certificates.cert-manager.io', 'shop-tls', `--namespace=${namespace}`]);
    await until(async () => (await exporter.scrape()).value('lookout_source_up', { source: 'shop-web' }) === 0);
    expect((await exporter.explain())[0]).toMatchObject({ reason: 'not_found' });
    expect(await value('not_after_timestamp_seconds', leaf)).toBe(Date.UTC(2027, 2, 1) / 1000);
  });

  test.each([
    { right: 'get', missing: 'watch' },
    { right: 'watch', missing: 'get' },
  ])('with nothing but the right to $right it is told that $missing is missing', async ({ right, missing }) => {
    const [source] = await (await exporterOf(right)).explain();
    expect(source?.reason).toBe('permission_denied');
    expect(source?.message).toContain(
      `User "system:serviceaccount:${namespace}:${right}" cannot ${missing} resource "certificates" in API group "cert-manager.io"`,
    );
  });
});

describe.skipIf(defined || reason !== undefined)(`when cert-manager is removed${because}`, () => {
  test('that is told, and what was last known stays', { timeout: 180_000 }, async () => {
    certificate();
    status({ conditions: [ready('True', 'Ready')], notAfter: '2027-06-01T00:00:00Z' });
    const exporter = await exporterOf('both');
    expect((await exporter.scrape()).value(family('ready'), of)).toBe(1);
    forgetCertificates();
    await until(async () => (await exporter.explain())[0]?.reason === 'not_installed');
    const { value } = await exporter.scrape();
    expect(value(family('not_after_timestamp_seconds'), leaf)).toBe(Date.UTC(2027, 5, 1) / 1000);
    expect(value('lookout_source_up', { source: 'shop-web' })).toBe(0);
  });
});

/** An exporter in this process with the rights of a service account. */
async function exporterOf(account: string) {
  const declared: Partial<ExporterConfig> = {
    certManager: [{ name: 'shop-web', namespace, certificate: 'shop-tls' }],
  };
  return await runExporterIn(temporaryFolder(), declared, kubernetesOf(accessOf(namespace, account), 'test'));
}

function certificate(): void {
  const issuerRef = { name: 'letsencrypt', kind: 'ClusterIssuer' };
  const spec = { secretName: 'shop-web-tls', dnsNames: ['shop.test'], issuerRef };
  apply({ apiVersion: 'cert-manager.io/v1', kind: 'Certificate', metadata: { name: 'shop-tls', namespace }, spec });
}

/** What cert-manager would write: through the subresource, which leaves the rest as it is. */
function status(patch: object): void {
  const target = ['certificates.cert-manager.io', 'shop-tls', `--namespace=${namespace}`];
  const body = JSON.stringify({ status: patch });
  kubectl(['patch', ...target, '--subresource=status', '--type=merge', `--patch=${body}`]);
}

function ready(holds: string, reason: string): object {
  return { type: 'Ready', status: holds, reason, lastTransitionTime: '2026-12-01T00:00:00Z' };
}
