import type { CertificateSecretSource, ExporterConfig } from '../../config.ts';
import { followObject } from '../../kubernetes/follow-object.ts';
import { failed } from '../../model/failure.ts';
import type { DeclaredCertificate } from '../certificates/collector.ts';
import type { CertificateReading, StoredReading } from '../certificates/reading.ts';
import type { FollowedReading, Source } from '../collector.ts';
import { discovery } from './discovery.ts';
import { readSecret, type Secret } from './secret.ts';

/** Declared TLS Secrets, and what discovers the others. */
export function secretSources(config: ExporterConfig): readonly Source<DeclaredCertificate, CertificateReading>[] {
  const { certificateSecrets: secrets = [], certificateDiscovery: discovered, certManager = [] } = config;
  const managed = new Set(certManager.map(({ namespace, certificate }) => `${namespace}/${certificate}`));
  const declared = new Set(secrets.map(({ namespace, secret }) => `${namespace}/${secret}`));
  const namespaces = discovered === undefined ? [] : discovered.namespaces.length > 0 ? discovered.namespaces : [null];
  return [
    ...secrets.map((secret) => ({
      name: secret.name,
      declared: { kind: 'secret', secret } as const,
      read: followed(secret, managed),
    })),
    ...namespaces.map((namespace) => ({
      name: namespace === null ? 'TLS Secrets' : `TLS Secrets in ${namespace}`,
      declared: { kind: 'discovery', namespace } as const,
      read: discovery(namespace, declared, managed),
    })),
  ];
}

function followed(
  { namespace, secret: name }: CertificateSecretSource,
  managed: ReadonlySet<string>,
): FollowedReading<StoredReading> {
  const resource = { api: '/api/v1', resource: 'secrets', namespace, name };
  const read = (secret: Secret | null) =>
    secret === null
      ? failed({ reason: 'not_found', message: `Secret ${namespace}/${name} does not exist` })
      : readSecret(`${namespace}/${name}`, secret, managed);
  return { kind: 'followed', follow: (context) => followObject<Secret, StoredReading>(resource, read, context) };
}
