import { X509Certificate } from 'node:crypto';
import { read } from '../../exporter/support/openssl.ts';
import type { ExpositionSample } from '../../support/exposition.ts';
import { apply, kubectlJson } from './kubectl.ts';

/** The certificate that is declared by name; all others of its namespace are discovered. */
export const declaredCertificate = { name: 'shop-web', secret: 'fe-tls-secret' } as const;

/** TLS Secrets of a namespace. */
export function tlsSecrets(namespace: string) {
  return {
    /** Puts this certificate into each. */
    secret: (names: readonly string[], { certificate, key }: { certificate: string; key: string }): void => {
      const stringData = { 'tls.crt': read(certificate), 'tls.key': read(key) };
      apply(
        ...names.map((name) => ({
          kind: 'Secret',
          type: 'kubernetes.io/tls',
          metadata: { name, namespace },
          stringData,
        })),
      );
    },
    /** What `shownIn` has to give. */
    existing: (): readonly string[] => {
      const { items } = kubectlJson<{ items: readonly { metadata: { name: string }; data: { 'tls.crt': string } }[] }>(
        'get',
        'secrets',
        `--namespace=${namespace}`,
        '--field-selector=type=kubernetes.io/tls',
      );
      const others = items.filter(({ metadata }) => metadata.name !== declaredCertificate.secret);
      return others.map(({ metadata, data }) => `${namespace}/${metadata.name} ${subjectOf(data['tls.crt'])}`).sort();
    },
  };
}

/** Each discovered certificate with its subject. */
export function shownIn(samples: readonly ExpositionSample[]): readonly string[] {
  return samples
    .filter(
      ({ name, labels }) => name === 'lookout_certificate_info' && labels['certificate'] !== declaredCertificate.name,
    )
    .map(({ labels }) => `${labels['certificate']} ${labels['subject']}`)
    .sort();
}

function subjectOf(encoded: string): string {
  return new X509Certificate(Buffer.from(encoded, 'base64')).subject.replaceAll('\n', ', ');
}
