import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readFile } from '../../exporter/collectors/certificates/file.ts';
import { run } from '../support/programs.ts';
import { runExporterIn } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { openssl } from './support/openssl.ts';

const folder = run('mktemp', ['-d', '-t', 'lookout-formats-XXXXXX']).trim();
afterAll(() => rmSync(folder, { recursive: true }));
const ca = openssl(folder);
const authority = ca.selfSigned({ name: 'root', authority: true });
const server = ca.signedBy(authority, { name: 'server', names: 'DNS:shop.test' });

function made(...args: readonly string[]): Buffer {
  const out = join(folder, 'made');
  run('openssl', [...args, '-out', out]);
  return Buffer.from(run('base64', ['-w0', out]), 'base64');
}

function keystore(password: string, ...more: readonly string[]): Buffer {
  const chain = ['-inkey', server.key, '-in', server.certificate, '-certfile', authority.certificate];
  return made('pkcs12', '-export', ...chain, '-passout', `pass:${password}`, ...more);
}

const fingerprint = (path: string) =>
  run('openssl', ['x509', '-in', path, '-noout', '-fingerprint', '-sha256']).trim().split('=')[1];
const both = [server, authority].map(({ certificate }) => fingerprint(certificate));

async function fingerprints(bytes: Buffer, password = ''): Promise<readonly string[]> {
  const { certificates, problem } = await readFile('file', bytes, password);
  expect(problem).toBeNull();
  return certificates.map(({ fingerprint256 }) => fingerprint256);
}

describe('a certificate file', () => {
  test('in DER is read', async () => {
    const der = made('x509', '-in', server.certificate, '-outform', 'DER');
    expect(await fingerprints(der)).toEqual([fingerprint(server.certificate)]);
  });

  test.each([
    ['as openssl makes it today', 'secret', []],
    ['with the ciphers of older ones', 'secret', ['-legacy']],
    ['without a password', '', []],
    ['with ciphers of older ones and a password of other letters', 'Grüße', ['-legacy']],
    ['as openssl makes it today with a password of other letters', 'źółw', []],
    ['with a password of other letters and no check sum', '密码', ['-nomac']],
    ['without encryption of the certificates', 'secret', ['-certpbe', 'NONE']],
  ])('in PKCS#12, %s, gives all its certificates', async (_, password, more) => {
    expect((await fingerprints(keystore(password, ...more), password)).toSorted()).toEqual(both.toSorted());
  });

  test.each([
    ['an elliptic key', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384']],
    ['a key of RSA', ['-newkey', 'rsa:2048']],
    ['an Edwards key', ['-newkey', 'ed25519']],
  ])('in PKCS#12 with %s is read too', async (_, kind) => {
    const [key, certificate] = [join(folder, 'own.key'), join(folder, 'own.pem')];
    const subject = ['-subj', '/CN=own', '-addext', 'subjectAltName=DNS:own.test', '-days', '30'];
    run('openssl', ['req', '-x509', '-nodes', ...kind, ...subject, '-keyout', key, '-out', certificate]);
    const store = made('pkcs12', '-export', '-inkey', key, '-in', certificate, '-passout', 'pass:secret');
    expect(await fingerprints(store, 'secret')).toEqual([fingerprint(certificate)]);
  });

  test.each([
    ['another password', keystore('secret'), 'other', 'bad_password'],
    ['no password', keystore('secret'), '', 'bad_password'],
    ['another password of other letters', keystore('żółw'), 'źółw', 'bad_password'],
    ['a truncated file', keystore('secret').subarray(0, 500), 'secret', 'bad_pkcs12'],
    [
      'only a key',
      made('pkcs12', '-export', '-nocerts', '-inkey', server.key, '-passout', 'pass:secret'),
      'secret',
      'no_certificate_found',
    ],
    ['a key in DER', made('pkey', '-in', server.key, '-outform', 'DER'), '', 'bad_pkcs12'],
  ])('in PKCS#12 with %s gives none and says why', async (_, bytes, password, reason) => {
    const { certificates, problem } = await readFile('store.p12', bytes, password);
    expect(certificates).toEqual([]);
    expect(problem).toMatchObject({ reason, message: expect.stringContaining('store.p12') });
    if (password !== '') expect(problem?.message).not.toContain(password);
  });

  test('never makes the reading fail, whatever the bytes are', async () => {
    const store = keystore('secret');
    const damaged = fc
      .tuple(fc.nat(store.length - 1), fc.nat(255))
      .map(([at, byte]) => Buffer.concat([store.subarray(0, at), Buffer.from([byte]), store.subarray(at + 1)]));
    const anything = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.concat([Buffer.from([0x30]), bytes]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, anything), async (bytes) => {
        const { certificates, problem } = await readFile('file', bytes, 'secret');
        if (certificates.length === 0)
          expect(problem?.reason).toMatch(/^(bad_pkcs12|bad_password|no_certificate_found)$/);
      }),
      { numRuns: 150 },
    );
  });
});

test('a key store is watched with its password from a file, which stays a secret', async () => {
  const own = temporaryFolder();
  writeFileSync(join(own, 'store.p12'), keystore('very-secret-word'));
  writeFileSync(join(own, 'password'), 'very-secret-word\n');
  const file = { name: 'store', path: join(own, 'store.p12'), passwordFile: join(own, 'password') };
  const wrong = { ...file, name: 'wrong', passwordFile: file.path };
  const exporter = await runExporterIn(own, { certificateFiles: [file, wrong] });
  const { value, text } = await exporter.scrape();
  expect(
    value('lookout_certificate_info', { certificate: 'store', chain_position: 'leaf', subject: 'O=Shop, CN=server' }),
  ).toBe(1);
  expect(value('lookout_certificate_info', { certificate: 'store', chain_position: 'root' })).toBe(1);
  expect(value('lookout_source_up', { source: 'wrong' })).toBe(0);
  expect(JSON.stringify([text, await exporter.explain(), exporter.logs])).not.toContain('very-secret-word');
});
