import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { manifests } from '../../../k8s/index.ts';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { kubernetesFiles } from '../../../provision/build/kubernetes.ts';
import { buildOutputs } from '../../../provision/build/outputs.ts';
import { exporterBundle } from '../support/images.ts';
import { kubectl, temporaryNamespace } from '../support/kubectl.ts';
import { stackIn } from './stacks.ts';

const namespace = temporaryNamespace();
const plain = stackIn(namespace);
const stack = {
  ...plain,
  cluster: { ...plain.cluster!, delivery: { kind: 'files', gitops: null, source: null, sops: null } as const },
};
const outputs = buildOutputs(stack);
const directory = mkdtempSync(join(tmpdir(), 'lookout-kustomize-'));
const bundle = exporterBundle();

beforeAll(() => {
  for (const { path, content } of kubernetesFiles(stack, outputs, bundle)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
});
afterAll(() => rmSync(directory, { recursive: true }));

test('the directory of delivery `files` gives Kustomize the very objects that delivery `apply` sends', () => {
  const printed = kubectl(['kustomize', join(directory, 'kubernetes')]);
  const read = parseAllDocuments(printed, { version: '1.1' }).map((document) => document.toJS() as KubernetesObject);
  expect(byName(read)).toEqual(byName(manifests(stack, outputs, bundle).objects));
});

test('the API server takes the directory from kubectl apply -k, by server-side apply and with strict validation', () => {
  const printed = kubectl([
    'apply',
    '--server-side',
    '--dry-run=server',
    '--validate=strict',
    `--kustomize=${join(directory, 'kubernetes')}`,
  ]);
  expect(printed.match(/serverside-applied/g)).toHaveLength(manifests(stack, outputs, bundle).objects.length);
});

function byName(objects: readonly KubernetesObject[]): Readonly<Record<string, KubernetesObject>> {
  return Object.fromEntries(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object]));
}
