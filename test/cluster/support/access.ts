import { inject } from 'vitest';
import type { ApiAccess } from '../../../exporter/kubernetes/access.ts';
import { apply, kubectl, kubectlJson } from './kubectl.ts';

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** What a service account may do in a namespace; everywhere and with what has no namespace when it is null. */
export interface Grant {
  readonly namespace: string | null;
  readonly rules: readonly Rule[];
}

/** A service account that may do just this. */
export function serviceAccount(account: Account, grants: readonly Grant[]): void {
  apply({ kind: 'ServiceAccount', metadata: account }, ...grants.flatMap((each) => grantObjects(account, each)));
}

function grantObjects({ namespace: home, name }: Account, { namespace, rules }: Grant): readonly object[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const kind = namespace === null ? 'ClusterRole' : 'Role';
  const metadata = namespace === null ? { name: `${home}-${name}` } : { name, namespace };
  const subjects = [{ kind: 'ServiceAccount', name, namespace: home }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name: metadata.name };
  return [
    { apiVersion, kind, metadata, rules },
    { apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects },
  ];
}

/** Takes away what a service account may do outside of namespaces, which are deleted as a whole. */
export function withdraw({ namespace, name }: Account): void {
  kubectl(['delete', 'clusterrole,clusterrolebinding', `${namespace}-${name}`, '--ignore-not-found']);
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
