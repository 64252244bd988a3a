import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { manifests } from '../../../k8s/index.ts';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { buildOutputs } from '../../../provision/build/outputs.ts';
import { environmentNames, openEnvironment } from '../../../stack/open.ts';
import type { Stack } from '../../../stack/types.ts';
import { variants } from '../../k8s/variants.ts';
import { kubectl, temporaryNamespace } from '../support/kubectl.ts';

const root = resolve(import.meta.dirname, '../../..');

/** The objects land here, whatever their namespaces are called. */
const namespace = temporaryNamespace({ 'pod-security.kubernetes.io/warn': 'restricted' });

/** What every cluster serves. Objects for operators are tried in `test/cluster/operator`; a Route is OpenShift's. */
const builtIn = new Set(['v1', 'apps/v1', 'policy/v1', 'networking.k8s.io/v1', 'rbac.authorization.k8s.io/v1']);
const ofOperators = /^(monitoring\.coreos\.com|grafana\.integreatly\.org|route\.openshift\.io)\//;

const environments = environmentNames(root).flatMap((name) => {
  const example = join(root, 'environments', name, '.env.example');
  const envFile = existsSync(example) ? example : undefined;
  return openEnvironment({ name, root, cwd: root, env: {}, envFile, state: (stack) => `/state/${stack}` }).stacks;
});
const stacks: readonly (readonly [string, Stack])[] = [
  ...environments.flatMap(({ stack }) => (stack.cluster === null ? [] : [[stack.name, stack] as const])),
  ...Object.entries(variants).map(([kind, stack]) => [`kind ${kind}`, stack] as const),
];

describe.each(stacks)('the API server accepts the objects of %s', (_, stack) => {
  test('in a dry run with strict validation of their fields', () => {
    const { objects } = manifests(stack, buildOutputs(stack), '// code\n');
    const sent = objects.filter(({ apiVersion }) => builtIn.has(apiVersion)).map(here);
    const others = objects.map(({ apiVersion }) => apiVersion).filter((version) => !builtIn.has(version));
    expect(others.filter((version) => !ofOperators.test(version))).toEqual([]);
    const printed = dryRun(sent);
    expect(printed.match(/serverside-applied \(server dry run\)/g)).toHaveLength(sent.length);
  });
});

test('a field that it does not know is refused', () => {
  const [object] = manifests(stacks[0]![1], buildOutputs(stacks[0]![1])).objects.map(here);
  expect(() => dryRun([{ ...object, nonsense: true }])).toThrow(/nonsense/);
});

function here(object: KubernetesObject): object {
  const { namespace: place, ...metadata } = object.metadata;
  return place === undefined ? object : { ...object, metadata: { ...metadata, namespace } };
}

function dryRun(items: readonly object[]): string {
  return kubectl(
    ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--field-manager=lookout', '--filename=-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
}
