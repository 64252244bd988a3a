import { beforeAll, expect, test } from 'vitest';
import { manifests } from '../../../k8s/index.ts';
import { buildOutputs } from '../../../provision/build/outputs.ts';
import { operatorStacks } from '../../k8s/operator/stacks.ts';
import { kubectl, temporaryNamespace } from '../support/kubectl.ts';
import { defineGrafanas, hasOperator } from './install.ts';

const namespace = temporaryNamespace();

beforeAll(() => {
  expect(hasOperator()).toBe(true);
  defineGrafanas(namespace);
});

test.each(Object.entries(operatorStacks))(
  'the API server takes each object of a stack of kind %s, field by field',
  (_, stack) => {
    const { objects } = manifests(stack, buildOutputs(stack), '//');
    const items = objects.map(({ metadata, ...object }) => ({
      ...object,
      metadata: metadata.namespace === undefined ? metadata : { ...metadata, namespace },
    }));
    const printed = dryRun(items);
    expect(printed.match(/serverside-applied \(server dry run\)/g)).toHaveLength(items.length);
  },
);

test('a field that a definition does not have is refused', () => {
  const object = {
    apiVersion: 'monitoring.coreos.com/v1alpha1',
    kind: 'AlertmanagerConfig',
    metadata: { name: 'wrong', namespace },
    spec: { route: { receiver: 'nobody', groupby: ['alertname'] }, receivers: [{ name: 'nobody' }] },
  };
  expect(() => dryRun([object])).toThrow(/groupby/);
});

function dryRun(items: readonly object[]): string {
  return kubectl(
    ['apply', '--server-side', '--dry-run=server', '--validate=strict', '--field-manager=lookout', '--filename=-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
  );
}
