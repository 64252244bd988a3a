import { describe, expect, test } from 'vitest';
import { manifests } from '../../k8s/index.ts';
import { buildOutputs } from '../../provision/build/outputs.ts';
import { variants } from './variants.ts';

interface Source {
  readonly secret?: {
    readonly name: string;
    readonly items: readonly { readonly key: string; readonly path: string }[];
  };
}

interface SetSpec {
  readonly template: {
    readonly spec: { readonly volumes: readonly { readonly projected?: { readonly sources: readonly Source[] } }[] };
  };
}

/** `path in the pod's configuration: Secret/key`, of one workload. */
function mounted(kind: string, workload: string): readonly string[] {
  const stack = variants[kind]!;
  const { objects } = manifests(stack, buildOutputs(stack));
  const set = objects.find(({ metadata, kind: each }) => metadata.name === workload && each.endsWith('Set'))!;
  const { template } = set['spec'] as SetSpec;
  return template.spec.volumes
    .flatMap(({ projected }) => projected?.sources ?? [])
    .flatMap(({ secret }) => (secret?.items ?? []).map(({ key, path }) => `${path}: ${secret?.name}/${key}`))
    .sort();
}

describe('the secrets of a pod', () => {
  test('are the ones that its configuration refers to, where it expects them', () => {
    expect(mounted('standalone', 'lookout-prometheus')).toEqual([
      'credentials/alertmanager-password: lookout-credentials/alertmanager-password',
      'credentials/application-shop-token: lookout-credentials/application-shop-token',
      'credentials/prometheus-password: lookout-credentials/prometheus-password',
      'credentials/scrape-token: lookout-credentials/scrape-token',
      'reload/arguments: lookout-credentials/prometheus-reload',
      'web.yml: lookout-credentials/prometheus-web',
    ]);
    expect(mounted('standalone', 'lookout-exporter-node')).toEqual([
      'credentials/scrape-token: lookout-credentials/scrape-tokens',
    ]);
  });

  test('come from the Secrets of the user where they lie in them, and are not copied', () => {
    expect(mounted('gateway', 'lookout-prometheus')).toContain(
      'credentials/application-shop-token: shop-metrics/token',
    );
    expect(mounted('gateway', 'lookout-prometheus')).toContain('credentials/scrape-token: scrape/bearer');
    expect(mounted('gateway', 'lookout-alertmanager')).toContain('credentials/smtp-password: mail/password');
    const stack = variants['gateway']!;
    const [plan] = manifests(stack, buildOutputs(stack)).secrets;
    expect(Object.keys(plan!.entries)).not.toContain('smtp-password');
    expect(plan!.entries['scrape-tokens']).toEqual({ kind: 'tokens', secret: 'scrape-token' });
  });

  test('that nobody declares are an error, not an empty mount', () => {
    const stack = { ...variants['standalone']!, secrets: {} };
    expect(() => manifests(stack, buildOutputs(stack))).toThrow(/which no one declares/);
  });
});
