import { execFileSync, type StdioOptions } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileAtomic } from '../../common/files.ts';

export interface CertificateRequest {
  readonly commonName: string;
  /** None for an authority. */
  readonly dnsNames: readonly string[];
  readonly days: number;
  /** Path of the PEM file with its private key. */
  readonly key: string;
  /** The authority that signs; null: the certificate is an authority's own. */
  readonly issuer: { readonly certificate: string; readonly key: string } | null;
}

/** A new P-256 key in PKCS#8, readable for its owner only. */
export function writePrivateKey(path: string): void {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  writeFileAtomic(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600);
}

/** A certificate in PEM, made by the program `openssl` (3.0 or later): no library has to stay in memory for it. */
export function signCertificate({ commonName, dnsNames, days, key, issuer }: CertificateRequest): string {
  const signing = issuer === null ? [] : ['-CA', issuer.certificate, '-CAkey', issuer.key];
  const subject = ['-subj', `/O=Lookout demonstration/CN=${commonName}`];
  const extensions = profile(dnsNames).flatMap((extension) => ['-addext', extension]);
  const common = ['req', '-x509', '-new', '-batch', '-config', '/dev/null', '-key', key, '-days', String(days)];
  try {
    const stdio: StdioOptions = ['ignore', 'pipe', 'pipe'];
    return execFileSync('openssl', [...common, ...subject, ...extensions, ...signing], { encoding: 'utf8', stdio });
  } catch (cause) {
    throw new Error(`openssl could not make the certificate of ${commonName}: is openssl 3 installed?`, { cause });
  }
}

/** Source: openssl-req(1), x509v3_config(5); what RFC 5280 asks of an authority and of a server. */
function profile(dnsNames: readonly string[]): readonly string[] {
  const common = ['subjectKeyIdentifier=hash', 'authorityKeyIdentifier=keyid:always'];
  if (dnsNames.length === 0)
    return [...common, 'basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign,cRLSign'];
  return [
    ...common,
    'basicConstraints=critical,CA:FALSE',
    'keyUsage=critical,digitalSignature',
    'extendedKeyUsage=serverAuth',
    `subjectAltName=${dnsNames.map((name) => `DNS:${name}`).join(',')}`,
  ];
}
