import type { ApiObject } from '../../kubernetes/resource.ts';
import type { ManagedReading } from '../certificates/reading.ts';

/**
 * The part of a Certificate that is read. `status` is absent until cert-manager has seen it. Source: cert-manager's API
 * reference, cert-manager.io/v1, CertificateSpec and CertificateStatus.
 */
export interface Certificate extends ApiObject {
  readonly spec: {
    readonly secretName: string;
    readonly issuerRef: { readonly name: string; readonly kind?: string };
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly notBefore?: string;
    readonly notAfter?: string;
    readonly renewalTime?: string;
    readonly lastFailureTime?: string;
    readonly failedIssuanceAttempts?: number;
  };
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export function readCertificate({ spec, status = {} }: Certificate): ManagedReading {
  const { conditions = [] } = status;
  return {
    kind: 'managed',
    chain: [],
    notBefore: seconds(status.notBefore),
    notAfter: seconds(status.notAfter),
    renewal: seconds(status.renewalTime),
    secret: spec.secretName,
    issuer: `${spec.issuerRef.kind ?? 'Issuer'}/${spec.issuerRef.name}`,
    ready: conditions.some(({ type, status: holds }) => type === 'Ready' && holds === 'True'),
    conditions: conditions.map(({ type, status: holds, reason = '', message = '' }) =>
      `${type}=${holds} ${reason}: ${message}`.trim(),
    ),
    failedIssuances: status.failedIssuanceAttempts ?? 0,
    lastFailedIssuance: seconds(status.lastFailureTime),
  };
}

function seconds(time: string | undefined): number {
  return time === undefined ? 0 : Date.parse(time) / 1000;
}
