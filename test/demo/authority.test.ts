import { X509Certificate } from 'node:crypto';
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { issueCertificates } from '../../demo/jobs/authority.ts';
import { run } from '../support/programs.ts';
import { temporaryFolder } from './folder.ts';

const day = 86_400;
const certificates = [
  { name: 'shop-web', dnsNames: ['shop.test', 'localhost'], lifetimeDays: 90, renewBeforeDays: 30 },
  { name: 'shop-mail', dnsNames: ['mail.shop.test'], lifetimeDays: 45, renewBeforeDays: 20 },
];
const now = () => Date.now() / 1000;

function serial(directory: string, name: string): string {
  return new X509Certificate(readFileSync(join(directory, `${name}.pem`))).serialNumber;
}

test('issues certificates that openssl verifies for their names, each with its lifetime', () => {
  const directory = temporaryFolder();
  expect(issueCertificates({ directory, certificates }, [], now())).toEqual(['ca', 'shop-web', 'shop-mail']);
  const verify = (name: string, host: string) =>
    run(
      'openssl',
      ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', host, '-CAfile', 'ca.pem', `${name}.pem`],
      {
        cwd: directory,
      },
    );
  expect(verify('shop-web', 'shop.test')).toBe('shop-web.pem: OK\n');
  expect(verify('shop-web', 'localhost')).toBe('shop-web.pem: OK\n');
  expect(verify('shop-mail', 'mail.shop.test')).toBe('shop-mail.pem: OK\n');
  expect(() => verify('shop-mail', 'shop.test')).toThrow(/hostname mismatch/i);
  for (const { name, lifetimeDays } of certificates) {
    const ends = new X509Certificate(readFileSync(join(directory, `${name}.pem`))).validToDate.getTime() / 1000;
    expect(Math.abs(ends - now() - lifetimeDays * day)).toBeLessThan(60);
  }
});

test('keeps every private key to its owner', () => {
  const directory = temporaryFolder();
  issueCertificates({ directory, certificates }, [], now());
  for (const name of ['ca', 'shop-web', 'shop-mail'])
    expect(statSync(join(directory, `${name}.key`)).mode & 0o777).toBe(0o600);
});

test('leaves alone what is good, and renews what is due', () => {
  const directory = temporaryFolder();
  issueCertificates({ directory, certificates }, [], now());
  expect(issueCertificates({ directory, certificates }, [], now())).toEqual([]);
  expect(issueCertificates({ directory, certificates }, [], now() + 24 * day)).toEqual([]);
  const before = serial(directory, 'shop-mail');
  expect(issueCertificates({ directory, certificates }, [], now() + 26 * day)).toEqual(['shop-mail']);
  expect(serial(directory, 'shop-mail')).not.toBe(before);
});

test('does not renew what is paused', () => {
  const directory = temporaryFolder();
  issueCertificates({ directory, certificates }, [], now());
  expect(issueCertificates({ directory, certificates }, ['shop-mail'], now() + 40 * day)).toEqual([]);
});

test('replaces a certificate that is garbage or does not fit its key, and all when the authority is lost', () => {
  const directory = temporaryFolder();
  issueCertificates({ directory, certificates }, [], now());
  writeFileSync(join(directory, 'shop-web.pem'), 'garbage');
  expect(issueCertificates({ directory, certificates }, [], now())).toEqual(['shop-web']);
  copyFileSync(join(directory, 'shop-web.key'), join(directory, 'shop-mail.key'));
  expect(issueCertificates({ directory, certificates }, [], now())).toEqual(['shop-mail']);
  writeFileSync(join(directory, 'ca.key'), '');
  expect(issueCertificates({ directory, certificates }, [], now())).toEqual(['ca', 'shop-web', 'shop-mail']);
});
