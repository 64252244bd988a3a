import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { manifests } from '../../k8s/index.ts';
import { kubernetesFiles } from '../../provision/build/kubernetes.ts';
import { buildOutputs } from '../../provision/build/outputs.ts';
import { expectGolden } from '../support/golden.ts';
import { localStack } from '../support/stacks.ts';
import { matches, type PodSpec, workloads } from './pods.ts';
import { variants } from './variants.ts';

const bundle = '// the code of the exporter\n';
const bytes = (text: string) => Buffer.byteLength(text);

test('a stack on one machine has no objects', () => {
  expect(manifests(localStack, buildOutputs(localStack), bundle)).toEqual({ objects: [], secrets: [] });
});

describe.each(Object.entries(variants))('the objects of a stack of kind %s', (name, stack) => {
  const outputs = buildOutputs(stack);
  const { objects, secrets } = manifests(stack, outputs, bundle);
  const pods = workloads(objects);

  test('are as recorded; what the rooms and the exporter make of it is recorded there', () => {
    const few = outputs.filter(
      ({ path }) => !/(rules|dashboards|templates)\//.test(path) || path.includes('lookout-stack'),
    );
    const made = manifests(stack, few, bundle);
    const text = few.reduce(
      (json, { path, content }) => json.replaceAll(JSON.stringify(content), JSON.stringify(`<${path}>`)),
      JSON.stringify(made, null, 2),
    );
    expectGolden(`k8s/${name}.json`, `${text.replaceAll(/"[0-9a-f]{64}"/g, '"<checksum>"')}\n`);
  });

  test('are the same when they are made again', () => {
    expect(manifests(structuredClone(stack), buildOutputs(structuredClone(stack)), bundle)).toEqual({
      objects,
      secrets,
    });
  });

  test('hold nothing that the API server would not store: no null, no empty map or list', () => {
    expect(objects.flatMap((object) => empties(object, `${object.kind} ${object.metadata.name}`))).toEqual([]);
  });

  test('are each there once, labelled, and no Secret or claim is among them', () => {
    const ids = objects.map(({ apiVersion, kind, metadata }) =>
      [apiVersion, kind, metadata.namespace, metadata.name].join(),
    );
    expect(ids).toEqual([...new Set(ids)]);
    for (const { kind, metadata } of objects) {
      expect(['Secret', 'PersistentVolumeClaim', 'Namespace']).not.toContain(kind);
      expect(metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/part-of': 'lookout',
        'app.kubernetes.io/instance': stack.name,
      });
    }
  });

  test('keep every ConfigMap below the limit of 1 MiB', () => {
    const maps = objects.filter(({ kind }) => kind === 'ConfigMap');
    for (const { data } of maps) expect(bytes(JSON.stringify(data))).toBeLessThan(1024 ** 2);
    expect(maps.length).toBeGreaterThan(0);
  });

  test('select the pods of each workload and of no other, by labels that do not change', () => {
    for (const { selector } of pods) expect(pods.filter(({ labels }) => matches(selector, labels))).toHaveLength(1);
    for (const { selector } of pods)
      expect(Object.keys(selector)).toEqual(['app.kubernetes.io/name', 'app.kubernetes.io/instance']);
    for (const service of objects.filter(({ kind }) => kind === 'Service')) {
      const { selector } = service['spec'] as { selector: Record<string, string> };
      expect(pods.filter(({ labels }) => matches(selector, labels))).toHaveLength(1);
    }
  });

  test('tell of every container whether it is ready: without a probe one that ends again and again is ready in between', () => {
    const containers = pods.flatMap(({ pod }) => pod.containers);
    expect(containers.filter(({ readinessProbe }) => readinessProbe === undefined).map((one) => one.name)).toEqual([]);
    expect(containers.length).toBeGreaterThan(0);
  });

  test('mount what exists, ask for memory, pin images and send no token where none is needed', () => {
    for (const { pod, claims, name: workload } of pods) {
      const volumes = [...(pod.volumes ?? []).map((volume) => volume.name), ...claims];
      for (const { volumeMounts = [], resources, image } of pod.containers) {
        for (const { name: volume } of volumeMounts) expect(volumes, workload).toContain(volume);
        expect(resources.requests['memory']).toMatch(/^\d+[MG]i$/);
        expect(resources.limits['memory']).toMatch(/^\d+[MG]i$/);
        expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
      }
      expect(pod.automountServiceAccountToken === false || pod.serviceAccountName !== undefined).toBe(true);
    }
  });

  test('are restricted but for those that read directories of the nodes', () => {
    const privileged = pods.filter(({ pod }) => !isRestricted(pod));
    expect(privileged.map((workload) => workload.name)).toEqual(privilegedIn[name] ?? []);
    for (const { pod } of privileged)
      for (const { securityContext, volumeMounts = [] } of pod.containers) {
        expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true });
        expect(volumeMounts.filter(({ readOnly, name: mount }) => readOnly !== true && mount !== 'cache')).toEqual([]);
      }
  });

  test('run as user 0 only to read the files of others, and with that capability alone', () => {
    const [root] = pods
      .flatMap(({ pod }) => pod.containers)
      .filter(({ securityContext }) => securityContext['runAsUser'] === 0);
    if (root === undefined) expect(stack.cluster!.distribution).toBe('openshift');
    else expect(root.securityContext['capabilities']).toEqual({ drop: ['ALL'], add: ['DAC_READ_SEARCH'] });
  });

  test('are built as YAML that says the same to a parser of YAML 1.1, with a kustomization of all where others apply it', () => {
    const delivered = {
      ...stack,
      cluster: { ...stack.cluster!, delivery: { kind: 'files', gitops: null, source: null, sops: null } },
    } as const;
    const files = kubernetesFiles(delivered, outputs, bundle);
    const parsed = files
      .filter(({ path }) => !path.endsWith('kustomization.yaml'))
      .flatMap(({ content }) =>
        parseAllDocuments(content, { version: '1.1' }).map((document) => document.toJS() as unknown),
      );
    expect(parsed).toEqual(objects);
    const kustomization = files.find(({ path }) => path === 'kubernetes/kustomization.yaml')!;
    const { resources } = parseAllDocuments(kustomization.content)[0]!.toJS() as { resources: string[] };
    expect(resources.map((resource) => `kubernetes/${resource}`)).toEqual(
      files
        .map(({ path }) => path)
        .filter((path) => path !== kustomization.path)
        .sort(),
    );
    expect(kubernetesFiles(stack, outputs, bundle).map(({ path }) => path)).not.toContain(kustomization.path);
  });
});

const privilegedIn: Readonly<Record<string, readonly string[]>> = {
  standalone: ['lookout-exporter-node'],
  replicated: ['lookout-exporter-node'],
  k3s: ['lookout-exporter-node'],
  telemetry: ['lookout-exporter-node'],
  traces: ['lookout-exporter-node'],
  gateway: ['lookout-exporter-node'],
  full: ['lookout-exporter-node', 'lookout-node-exporter'],
  existing: ['lookout-exporter-node'],
};

/** Source: Kubernetes documentation, "Pod Security Standards", Restricted. */
function isRestricted({ securityContext: pod, containers, volumes = [] }: PodSpec): boolean {
  const profile = (pod['seccompProfile'] as { type?: string } | undefined)?.type;
  return (
    pod['runAsNonRoot'] === true &&
    profile === 'RuntimeDefault' &&
    volumes.every(({ hostPath }) => hostPath === undefined) &&
    containers.every(
      ({ securityContext: { allowPrivilegeEscalation, capabilities, readOnlyRootFilesystem } }) =>
        allowPrivilegeEscalation === false &&
        readOnlyRootFilesystem === true &&
        JSON.stringify(capabilities) === '{"drop":["ALL"]}',
    )
  );
}

test('an older Prometheus, whose promtool cannot ask whether it is ready, is started by its open port', () => {
  const stack = variants['standalone']!;
  const features = { ...stack.prometheus.features, readyCheck: false };
  const older = { ...stack, prometheus: { ...stack.prometheus, version: '2.42.0', features } };
  const made = JSON.stringify(manifests(older, buildOutputs(older)).objects);
  expect(made).toContain('"startupProbe":{"tcpSocket":{"port":"http"}');
  expect(made).not.toContain('promtool');
});

/** Where a null, an empty map or an empty list stands, but for the two that mean something. */
function empties(value: unknown, place: string): readonly string[] {
  if (value === null || value === undefined) return [place];
  if (typeof value !== 'object') return [];
  const entries = Object.entries(value);
  if (entries.length === 0) return /\.(emptyDir|podSelector)$/.test(place) ? [] : [place];
  return entries.flatMap(([key, each]) => empties(each, `${place}.${key}`));
}
