import { runVariable } from './supervisor/orphans.ts';

/** What every program may need; nothing in which a secret is usually handed over. */
const passed = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'TMPDIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'NODE_EXTRA_CA_CERTS',
];

/** The environment of the parts: of the user's own variables only those, so that a secret in a variable reaches no part. */
export function partEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  run: string,
): Readonly<Record<string, string>> {
  const kept = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && (passed.includes(name) || name.startsWith('LC_')) ? [[name, value] as const] : [],
  );
  return { ...Object.fromEntries(kept), [runVariable]: run };
}
