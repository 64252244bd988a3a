import type { X509Certificate } from 'node:crypto';
import type { chainPositions } from '../../metrics/certificate.ts';

export type ChainPosition = (typeof chainPositions)[number];

/** What is public of one certificate, wherever it comes from; times in seconds since the epoch. */
export interface CertificateFacts {
  readonly position: ChainPosition;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Distinguished names on one line, the most significant part first: `C=DE, O=Shop, CN=shop.test`. */
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serial: string;
  /** SHA-256 of the certificate, in lower-case hexadecimal digits. */
  readonly fingerprint: string;
  readonly dnsNames: readonly string[];
}

/** @param served the first certificate of a handshake, which is the leaf whatever it says of itself. */
export function factsOf(certificate: X509Certificate, served = false): CertificateFacts {
  return {
    position: served ? 'leaf' : positionOf(certificate),
    notBefore: certificate.validFromDate.getTime() / 1000,
    notAfter: certificate.validToDate.getTime() / 1000,
    subject: oneLine(certificate.subject),
    issuer: oneLine(certificate.issuer),
    serial: certificate.serialNumber,
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    dnsNames: dnsNames(certificate.subjectAltName ?? ''),
  };
}

/** A self-signed server certificate is often marked as an authority; the names in it show what it is for. */
function positionOf(certificate: X509Certificate): ChainPosition {
  if (!certificate.ca || certificate.subjectAltName !== undefined) return 'leaf';
  return certificate.subject === certificate.issuer ? 'root' : 'intermediate';
}

function oneLine(name: string | undefined): string {
  return (name ?? '').replaceAll('\n', ', ');
}

/** Names that could be taken for several are quoted in the list, as Node.js documents for `subjectAltName`. */
function dnsNames(list: string): readonly string[] {
  const names = list.matchAll(/(?:^|, )DNS:("(?:[^"\\]|\\.)*"|[^,]*)/g);
  return Array.from(names, ([, name = '']) => (name.startsWith('"') ? (JSON.parse(name) as string) : name));
}
