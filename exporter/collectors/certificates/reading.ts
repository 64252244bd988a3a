import type { Problem } from '../../model/reading.ts';
import type { CertificateFacts } from './facts.ts';

/** What was read of one declared certificate. */
export type CertificateReading = StoredReading | ServedReading;

/** Of a file. */
export interface StoredReading {
  readonly kind: 'stored';
  /** SHA-256 of the file, by which an unchanged one is recognised. */
  readonly digest: string;
  /** In the order of the file. */
  readonly chain: readonly CertificateFacts[];
  /** What is wrong with other parts of the file. */
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
