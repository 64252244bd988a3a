import { inject } from 'vitest';
import type { ApiAccess } from '../../../exporter/kubernetes/access.ts';
import { apply, kubectl, kubectlJson } from './kubectl.ts';

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/** A service account that may do just this in its namespace. */
export function serviceAccount(namespace: string, name: string, rules: readonly Rule[]): void {
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name };
  apply(
    { kind: 'ServiceAccount', metadata: { name, namespace } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name, namespace }, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name, namespace },
      roleRef,
      subjects,
    },
  );
}

/** The cluster's API as a service account sees it. */
export function accessOf(namespace: string, name: string): ApiAccess {
  const { clusters } = kubectlJson<KubeConfig>(
    'config',
    'view',
    '--raw',
    '--minify',
    `--context=${inject('cluster').context}`,
  );
  const [{ cluster } = { cluster: undefined }] = clusters;
  if (cluster === undefined) throw new Error('the context names no cluster');
  const data = cluster['certificate-authority-data'];
  const authority = data === undefined ? undefined : Buffer.from(data, 'base64').toString();
  const token = kubectl(['create', 'token', name, `--namespace=${namespace}`]).trim();
  return { server: cluster.server, authority: () => authority, token: () => token };
}

interface KubeConfig {
  readonly clusters: readonly {
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data'?: string };
  }[];
}
