import type { GitSource, Stack } from '../stack/types.ts';
import type { KubernetesObject } from './types.ts';

/**
 * The object by which Flux or Argo CD finds the directory with a stack's objects; undefined when the environment does not say
 * where it is. It lies outside that directory, since it has to be there first.
 */
export function gitopsObject(stack: Stack): KubernetesObject | undefined {
  const { delivery, namespace } = stack.cluster ?? {};
  if (delivery?.kind !== 'files' || delivery.source === null || namespace === undefined) return undefined;
  const { source, sops } = delivery;
  return delivery.gitops === 'flux'
    ? fluxKustomization(stack, source, sops !== null)
    : argoApplication(stack, source, namespace);
}

/** Source: Flux documentation, "Kustomization", and "Manage Kubernetes secrets with SOPS" for the name of the Secret. */
function fluxKustomization({ name }: Stack, { repository, path, namespace }: GitSource, encrypted: boolean) {
  const decryption = { provider: 'sops', secretRef: { name: 'sops-age' } };
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: `lookout-${name}`, namespace },
    spec: {
      interval: '10m',
      sourceRef: { kind: 'GitRepository', name: repository },
      path: `./${path}`,
      prune: true,
      wait: true,
      timeout: '5m',
      ...(encrypted ? { decryption } : {}),
    },
  };
}

/**
 * Server-side apply, because dashboards are longer than an annotation may be. Source: Argo CD documentation, "Application
 * Specification" and "Sync Options".
 */
function argoApplication({ name }: Stack, { repository, path, revision, namespace }: GitSource, destination: string) {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: `lookout-${name}`, namespace },
    spec: {
      project: 'default',
      source: { repoURL: repository, path, targetRevision: revision },
      destination: { server: 'https://kubernetes.default.svc', namespace: destination },
      syncPolicy: { automated: { prune: true, selfHeal: true }, syncOptions: ['ServerSideApply=true'] },
    },
  };
}
