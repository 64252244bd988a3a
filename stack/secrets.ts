import { inboxTakes } from './inbox.ts';
import type { Declared } from './schema/environment.ts';
import type { Path } from './tree.ts';
import type { SecretName, SecretReference, Stack } from './types.ts';

/** The name of every secret that a stack can have. */
export const secretNames = {
  scrape: 'scrape-token',
  prometheus: 'prometheus-password',
  alertmanager: 'alertmanager-password',
  grafana: 'grafana-password',
  grafanaKey: 'grafana-secret-key',
  smtp: 'smtp-password',
  slack: 'slack-webhook',
  heartbeat: 'heartbeat-url',
  application: (name: string): SecretName => `application-${name}-token`,
} as const;

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
    ...at(secretNames.smtp, ['alertmanager', 'email', 'password'], email?.password),
    ...at(secretNames.slack, ['alertmanager', 'slack', 'webhook'], slack?.webhook),
    ...(inboxTakes(declared).slack ? [inbox] : []),
    ...at(secretNames.heartbeat, ['alertmanager', 'heartbeat'], heartbeat),
  ];
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
