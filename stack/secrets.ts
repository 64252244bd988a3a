import { inboxTakes } from './inbox.ts';
import type { Declared } from './schema/environment.ts';
import type { Path } from './tree.ts';
import type { SecretName, SecretReference, Stack } from './types.ts';

/** The name of every secret that a stack can have. */
export const secretNames = {
  scrape: 'scrape-token',
  exporterTls: { certificate: 'exporter-certificate', key: 'exporter-key', authority: 'exporter-authority' },
  prometheus: 'prometheus-password',
  alertmanager: 'alertmanager-password',
  grafana: 'grafana-password',
  grafanaKey: 'grafana-secret-key',
  grafanaClient: 'grafana-client-secret',
  smtp: 'smtp-password',
  slack: 'slack-webhook',
  heartbeat: 'heartbeat-url',
  application: (name: string): SecretName => `application-${name}-token`,
  certificate: (name: string): SecretName => `certificate-${name}-password`,
  database: (name: string, part: 'user' | 'password' | 'connection'): SecretName => `database-${name}-${part}`,
} as const;

type DatabaseSecret = Parameters<typeof secretNames.database>[1];

export interface DeclaredSecret {
  readonly name: SecretName;
  readonly reference: SecretReference;
  /** Where the environment declares it; null for one that Lookout needs itself. */
  readonly path: Path | null;
}

/** What Lookout needs itself. On one machine there is no Grafana of ours. */
function own({ platform }: Declared): readonly DeclaredSecret[] {
  const { scrape, prometheus, alertmanager, grafana, grafanaKey } = secretNames;
  const names = [scrape, prometheus, alertmanager, ...(platform === 'kubernetes' ? [grafana, grafanaKey] : [])];
  return names.map((name) => ({ name, reference: { kind: 'generate' }, path: null }));
}

/** Every secret of a stack, with the place that declares it. */
export function declaredSecrets(declared: Declared): readonly DeclaredSecret[] {
  const { email, slack, heartbeat } = declared.alertmanager ?? {};
  const at = (name: SecretName, path: Path, reference: SecretReference | undefined): DeclaredSecret[] =>
    reference === undefined ? [] : [{ name, reference, path }];
  const inbox: DeclaredSecret = { name: secretNames.slack, reference: { kind: 'generate' }, path: null };
  return [
    ...own(declared),
    ...(declared.applications ?? []).flatMap(({ name, metrics }, index) =>
      at(secretNames.application(name), ['applications', index, 'metrics', 'token'], metrics?.token),
    ),
    ...(declared.databases ?? []).flatMap(({ name, user, password, connection }, index) =>
      Object.entries({ user: typeof user === 'string' ? undefined : user, password, connection }).flatMap(
        ([part, reference]) =>
          at(secretNames.database(name, part as DatabaseSecret), ['databases', index, part], reference),
      ),
    ),
    ...exporterTls(declared),
    ...(declared.certificates?.files ?? []).flatMap(({ name, password }, index) =>
      at(secretNames.certificate(name), ['certificates', 'files', index, 'password'], password),
    ),
    ...at(
      secretNames.grafanaClient,
      ['grafana', 'auth', 'oidc', 'clientSecret'],
      declared.grafana?.auth?.oidc?.clientSecret,
    ),
    ...at(secretNames.smtp, ['alertmanager', 'email', 'password'], email?.password),
    ...at(secretNames.slack, ['alertmanager', 'slack', 'webhook'], slack?.webhook),
    ...(inboxTakes(declared).slack ? [inbox] : []),
    ...at(secretNames.heartbeat, ['alertmanager', 'heartbeat'], heartbeat),
  ];
}

/** Everything of the Secret of the exporter's certificate, by the names that Kubernetes and cert-manager give. */
function exporterTls({ exporter }: Declared): readonly DeclaredSecret[] {
  const secret = exporter?.tls?.secret;
  if (secret === undefined) return [];
  const { certificate, key, authority } = secretNames.exporterTls;
  const part = (name: SecretName, entry: string): DeclaredSecret => ({
    name,
    reference: { kind: 'kubernetes', secret, key: entry, document: true },
    path: ['exporter', 'tls', 'secret'],
  });
  return [part(certificate, 'tls.crt'), part(key, 'tls.key'), part(authority, 'ca.crt')];
}

export function resolveSecrets(
  secrets: readonly DeclaredSecret[],
  absolute: (path: string) => string,
): Stack['secrets'] {
  const entries = secrets.map(({ name, reference }): [SecretName, SecretReference] => [
    name,
    reference.kind === 'file' ? { kind: 'file', path: absolute(reference.path) } : reference,
  ]);
  return Object.fromEntries(entries);
}
