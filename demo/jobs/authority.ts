import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../common/files.ts';
import type { AuthorityConfig, IssuedCertificate } from './config.ts';
import { signCertificate, writePrivateKey } from './openssl.ts';

const day = 86_400;
const authorityDays = 3650;

interface Pair {
  readonly certificate: string;
  readonly key: string;
}

/**
 * Brings every certificate to where it should be: the authority's own, and each one that is missing, unfit or due for renewal and not
 * among `paused`. Gives the names of those that it issued.
 * @param now seconds since the epoch.
 */
export function issueCertificates(config: AuthorityConfig, paused: readonly string[], now: number): readonly string[] {
  mkdirSync(config.directory, { recursive: true });
  const issued: string[] = [];
  const authority = pairOf(config.directory, 'ca');
  if (!isFit(authority, authority, now + 365 * day)) {
    writePrivateKey(authority.key);
    const request = { commonName: 'Lookout demonstration authority', dnsNames: [], days: authorityDays };
    writeFileAtomic(authority.certificate, signCertificate({ ...request, key: authority.key, issuer: null }));
    issued.push('ca');
  }
  for (const certificate of config.certificates) {
    const fitUntil = now + certificate.renewBeforeDays * day;
    if (paused.includes(certificate.name) || isFit(pairOf(config.directory, certificate.name), authority, fitUntil))
      continue;
    issueCertificate(config.directory, certificate);
    issued.push(certificate.name);
  }
  return issued;
}

/** A new certificate with a new key. */
export function issueCertificate(
  directory: string,
  { name, dnsNames, lifetimeDays }: Omit<IssuedCertificate, 'renewBeforeDays'>,
): void {
  const { certificate, key } = pairOf(directory, name);
  writePrivateKey(key);
  const [commonName = name] = dnsNames;
  const request = { commonName, dnsNames, days: lifetimeDays, key, issuer: pairOf(directory, 'ca') };
  writeFileAtomic(certificate, signCertificate(request));
}

export function pairOf(directory: string, name: string): Pair {
  return { certificate: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) };
}

/** Whether the certificate is there, belongs to its key, was signed by the authority and is still valid at `until`. */
function isFit({ certificate, key }: Pair, authority: Pair, until: number): boolean {
  if (![certificate, key, authority.certificate].every((path) => existsSync(path))) return false;
  try {
    const parsed = new X509Certificate(readFileSync(certificate));
    return (
      parsed.checkPrivateKey(createPrivateKey(readFileSync(key))) &&
      parsed.verify(new X509Certificate(readFileSync(authority.certificate)).publicKey) &&
      parsed.validToDate.getTime() / 1000 > until
    );
  } catch {
    return false;
  }
}
