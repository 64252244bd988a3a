import { compare, hash } from 'bcryptjs';
import { parse, stringify } from 'yaml';

const cost = 10;

/**
 * The `web.config.file` of Prometheus and Alertmanager: one user. The hash of `current` is kept while it fits the password,
 * so that the file changes only with it. Format: prometheus/exporter-toolkit, docs/web-configuration.md.
 */
export async function webConfig(user: string, password: string, current: string | undefined): Promise<string> {
  const known = currentHash(user, current);
  const fits = known !== undefined && (await compare(password, known));
  return stringify({ basic_auth_users: { [user]: fits ? known : await hash(password, cost) } }, { lineWidth: 0 });
}

function currentHash(user: string, current: string | undefined): string | undefined {
  if (current === undefined) return undefined;
  const config = parse(current) as { readonly basic_auth_users?: Readonly<Record<string, string>> } | null;
  return config?.basic_auth_users?.[user];
}
