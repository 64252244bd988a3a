import type { Problem } from '../../model/reading.ts';
import type { CertificateFacts } from './facts.ts';

/** What was read of one declared certificate. */
export type CertificateReading = StoredReading | ServedReading | DiscoveryReading;

/** Of a file or a Secret. */
export interface StoredReading {
  readonly kind: 'stored';
  /** SHA-256 of what was read, by which an unchanged one is recognised. */
  readonly digest: string;
  /** In the order in which they stand there. */
  readonly chain: readonly CertificateFacts[];
  /** What is wrong with other parts of it. */
  readonly problem: Problem | null;
  /** The certificates in PEM where they are to be trusted, else empty. */
  readonly pem: readonly string[];
}

/** Of a TLS endpoint that answered. */
export interface ServedReading {
  readonly kind: 'served';
  /** As served, the leaf first. */
  readonly chain: readonly CertificateFacts[];
  /** Null when chain and name verify, else why they do not. */
  readonly distrust: string | null;
}

/** Of TLS Secrets that are not declared one by one. Their certificates are shown and not kept. */
export interface DiscoveryReading {
  readonly kind: 'discovered';
  readonly chain: readonly [];
  /** How many have a certificate. */
  readonly secrets: number;
  /** Messages about the others. */
  readonly unreadable: readonly string[];
}
