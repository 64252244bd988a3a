import type { CertManagerSource, ExporterConfig } from '../../config.ts';
import { followObject } from '../../kubernetes/follow-object.ts';
import { failed } from '../../model/failure.ts';
import type { DeclaredCertificate } from '../certificates/collector.ts';
import type { CertificateReading, ManagedReading } from '../certificates/reading.ts';
import type { FollowedReading, Source } from '../collector.ts';
import { type Certificate, readCertificate } from './certificate.ts';

/** Declared Certificates of cert-manager: needs `get` and `watch` on each. */
export function certManagerSources({
  certManager = [],
}: ExporterConfig): readonly Source<DeclaredCertificate, CertificateReading>[] {
  return certManager.map((managed) => ({
    name: managed.name,
    declared: { kind: 'managed', managed } as const,
    read: followed(managed),
  }));
}

function followed({ namespace, certificate: name }: CertManagerSource): FollowedReading<ManagedReading> {
  const resource = { api: '/apis/cert-manager.io/v1', resource: 'certificates', namespace, name };
  const read = (certificate: Certificate | null) =>
    certificate === null
      ? failed({ reason: 'not_found', message: `Certificate ${namespace}/${name} does not exist` })
      : { reading: readCertificate(certificate), problem: null };
  return { kind: 'followed', follow: (context) => followObject<Certificate, ManagedReading>(resource, read, context) };
}
