import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How to reach an API server or a kubelet. What a pod is given can be renewed while it runs: it is asked for at every request. */
export interface ApiAccess {
  /** `https://host:port`, without a trailing slash. */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate; undefined: the system's authorities. */
  readonly authority: () => string | undefined;
  /** Bearer token. */
  readonly token: () => string | undefined;
}

/** Where kubelet mounts a pod's service account. Source: Kubernetes documentation, "Accessing the Kubernetes API from a Pod". */
export const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The access of a pod. Undefined outside of one, and in a pod without a service account. */
export function podAccess(
  env: Readonly<Record<string, string | undefined>>,
  directory = serviceAccount,
): ApiAccess | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (host === undefined || port === undefined || !existsSync(join(directory, 'token'))) return undefined;
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    authority: () => readFileSync(join(directory, 'ca.crt'), 'utf8'),
    token: () => readFileSync(join(directory, 'token'), 'utf8').trim(),
  };
}
