import { createHash } from 'node:crypto';
import type { ApiObject } from '../../kubernetes/resource.ts';
import { failed } from '../../model/failure.ts';
import type { Outcome } from '../../model/reading.ts';
import { factsOf } from '../certificates/facts.ts';
import { readPem } from '../certificates/pem.ts';
import type { StoredReading } from '../certificates/reading.ts';

/** A Secret as the API gives it. What is kept of it is what is public in its certificates. */
export interface Secret extends ApiObject {
  readonly metadata: ApiObject['metadata'] & { readonly annotations?: Readonly<Record<string, string>> };
  /** Base64 by key; absent when the Secret is empty. */
  readonly data?: Readonly<Record<string, string>>;
}

/** The key of the certificates. Source: Kubernetes documentation, "Secrets", TLS Secrets. */
const certificateKey = 'tls.crt';

/** On a Secret that cert-manager writes: the Certificate that it writes it for. Source: CertificateNameKey of its API. */
const certificateAnnotation = 'cert-manager.io/certificate-name';

/**
 * The certificates of a TLS Secret; `name` is for messages.
 *
 * @param managed Certificates (`namespace/name`) that are declared themselves: when those are renewed they say.
 */
export function readSecret(name: string, secret: Secret, managed: ReadonlySet<string>): Outcome<StoredReading> {
  const encoded = secret.data?.[certificateKey];
  if (encoded === undefined) {
    return failed({ reason: 'no_certificate_found', message: `Secret ${name} has no key ${certificateKey}` });
  }
  const bytes = Buffer.from(encoded, 'base64');
  const { certificates, problem } = readPem(`${certificateKey} of Secret ${name}`, bytes.toString());
  if (certificates.length === 0) return { reading: null, problem };
  const chain = certificates.map((certificate) => factsOf(certificate));
  const digest = createHash('sha256').update(bytes).digest('hex');
  const certificate = secret.metadata.annotations?.[certificateAnnotation];
  const told = certificate === undefined || managed.has(`${secret.metadata.namespace}/${certificate}`);
  const renewer = told ? null : 'cert-manager';
  return { reading: { kind: 'stored', digest, chain, renewer, problem, pem: [] }, problem };
}
