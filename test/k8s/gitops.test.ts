import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { kubernetesFiles } from '../../provision/build/kubernetes.ts';
import { buildOutputs } from '../../provision/build/outputs.ts';
import type { ClusterSettings, Delivery, Stack } from '../../stack/types.ts';
import { productionStack } from '../support/stacks.ts';

const source = { repository: 'infra', path: 'clusters/april/lookout', revision: 'main', namespace: 'tools' };
const sops = ['age1reader'];

function files(delivery: Partial<Extract<Delivery, { kind: 'files' }>>) {
  const cluster = {
    ...productionStack.cluster,
    delivery: { kind: 'files', gitops: null, source: null, sops: null, ...delivery },
  } as ClusterSettings;
  const stack: Stack = { ...productionStack, cluster };
  const built = kubernetesFiles(stack, buildOutputs(stack));
  const read = (path: string) => parse(built.find((file) => file.path === path)?.content ?? 'null') as unknown;
  const { resources } = read('kubernetes/kustomization.yaml') as { readonly resources: readonly string[] };
  return { gitops: read('gitops.yaml') as { readonly spec: object } | null, resources };
}

const secrets = 'secrets/lookout-credentials.yaml';

describe('the object by which others find the files', () => {
  test('is a Kustomization for Flux, which decrypts what sops has encrypted', () => {
    expect(files({ gitops: 'flux', source, sops }).gitops).toEqual({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: 'lookout-production', namespace: 'tools' },
      spec: {
        interval: '10m',
        sourceRef: { kind: 'GitRepository', name: 'infra' },
        path: './clusters/april/lookout',
        prune: true,
        wait: true,
        timeout: '5m',
        decryption: { provider: 'sops', secretRef: { name: 'sops-age' } },
      },
    });
    expect(files({ gitops: 'flux', source }).gitops?.spec).not.toHaveProperty('decryption');
  });

  test('is an Application for Argo CD, which applies on the server as dashboards need it', () => {
    expect(files({ gitops: 'argocd', source }).gitops).toMatchObject({
      apiVersion: 'argoproj.io/v1alpha1',
      metadata: { name: 'lookout-production', namespace: 'tools' },
      spec: {
        source: { repoURL: 'infra', path: 'clusters/april/lookout', targetRevision: 'main' },
        destination: { namespace: 'shop' },
        syncPolicy: { syncOptions: ['ServerSideApply=true'] },
      },
    });
  });

  test('is not made where nothing says in which repository the files lie', () => {
    expect(files({ gitops: 'flux', sops }).gitops).toBeNull();
  });
});

test('encrypted Secrets are among what is applied only where Flux decrypts them', () => {
  expect(files({ gitops: 'flux', sops }).resources).toContain(secrets);
  for (const delivery of [{ sops }, { gitops: 'argocd', sops }, { gitops: 'flux' }] as const)
    expect(files(delivery).resources).not.toContain(secrets);
});
