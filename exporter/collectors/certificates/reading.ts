import type { Problem } from '../../model/reading.ts';
import type { CertificateFacts } from './facts.ts';
import type { Renewer } from './renewal.ts';

/** What was read of one declared certificate. */
export type CertificateReading = StoredReading | ServedReading | DiscoveryReading | ManagedReading;

/** Of a file or a Secret. */
export interface StoredReading {
  readonly kind: 'stored';
  /** SHA-256 of what was read, by which an unchanged one is recognised. */
  readonly digest: string;
  /** In the order in which they stand there. */
  readonly chain: readonly CertificateFacts[];
  /** What replaces it by itself; null where nothing is known to. */
  readonly renewer: Renewer | null;
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

/** Of a Certificate of cert-manager. Times in seconds since the epoch, 0 where cert-manager has not said one. */
export interface ManagedReading {
  readonly kind: 'managed';
  /** The certificates themselves lie in the Secret. */
  readonly chain: readonly [];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly renewal: number;
  /** The Secret that cert-manager writes, in the namespace of the Certificate. */
  readonly secret: string;
  /** Kind and name. */
  readonly issuer: string;
  readonly ready: boolean;
  /** Why it is not ready, or is being issued, in the words of cert-manager. */
  readonly conditions: readonly string[];
  /** Attempts in a row. */
  readonly failedIssuances: number;
  readonly lastFailedIssuance: number;
}
