import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import type { KubernetesObject, Manifests } from '../../k8s/types.ts';
import { runChecks } from '../../provision/checks/check.ts';
import { openCluster } from '../../provision/cluster/client/cluster.ts';
import { preflightChecks } from '../../provision/cluster/preflight/index.ts';
import type { ClusterSettings, Stack } from '../../stack/types.ts';
import { until } from '../exporter/support/exporter.ts';
import { lookout } from '../support/lookout.ts';
import { productionStack } from '../support/stacks.ts';
import { accessOf, type Rule, serviceAccount } from './support/access.ts';
import { images } from './support/images.ts';
import { apply, kubectl, temporaryNamespace } from './support/kubectl.ts';

const namespace = temporaryNamespace();
const restricted = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });
const temporary = mkdtempSync(join(tmpdir(), 'lookout-preflight-'));
afterAll(() => rmSync(temporary, { recursive: true }));

interface Case {
  readonly objects?: readonly KubernetesObject[];
  readonly settings?: Partial<ClusterSettings>;
  readonly nodes?: Readonly<Record<string, string>>;
  readonly declared?: Partial<Stack>;
  /** Kubeconfig and context; else those of the tests. */
  readonly access?: { readonly kubeconfig: string; readonly context: string };
}

/** Evidence of what one check finds wrong, and of what it remarks. */
async function preflight(
  check: string,
  { objects = [], settings = {}, nodes = {}, declared = {}, access = inject('cluster') }: Case,
) {
  const cluster = openCluster({
    context: access.context,
    env: { KUBECONFIG: access.kubeconfig },
    now: Date.now,
    signal: AbortSignal.timeout(60_000),
    report: () => {},
  });
  try {
    const own = productionStack.cluster;
    if (own === null) throw new Error('the stack is for no cluster');
    const { exporter } = productionStack;
    const node = exporter.node === null ? null : { ...exporter.node, nodes };
    const stack = {
      ...productionStack,
      ...declared,
      exporter: { ...exporter, node },
      cluster: { ...own, namespace, ...settings },
    };
    const manifests: Manifests = { objects, secrets: [{ name: 'lookout-tokens', namespace, entries: {} }] };
    const wanted = preflightChecks.filter(({ name }) => name === check);
    const [result] = await runChecks(wanted, { stack, manifests, cluster });
    const lines = (of: readonly { subject: string; evidence: string }[] = []) =>
      of.map(({ subject, evidence }) => `${subject}: ${evidence}`);
    return {
      outcome: result?.outcome,
      failed: lines(result?.findings.filter(({ ok }) => !ok)),
      remarks: lines(result?.findings.filter(({ remark }) => remark === true)),
      findings: lines(result?.findings),
    };
  } finally {
    await cluster.close();
  }
}

function statefulSet(name: string, spec: object = {}, pod: object = {}): KubernetesObject {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'none:1' }], ...pod } };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace },
    spec: { replicas: 0, selector: { matchLabels: labels }, serviceName: name, template, ...spec },
  };
}

function withClaim(storageClassName?: string): KubernetesObject {
  const resources = { requests: { storage: '1Gi' } };
  const spec = {
    accessModes: ['ReadWriteOnce'],
    resources,
    ...(storageClassName === undefined ? {} : { storageClassName }),
  };
  return statefulSet('lookout-prometheus', { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec }] });
}

describe('before anything is changed, preflight', () => {
  test('tells the version of the API server', async () => {
    const { outcome, findings } = await preflight('reachable', {});
    expect(outcome).toBe('passed');
    expect(findings[0]).toMatch(/^context \S+: Kubernetes v1\.\d+\.\S+ at https:/);
  });

  test('names a namespace that does not exist, with the command that makes it', async () => {
    const object = { ...statefulSet('web'), metadata: { name: 'web', namespace: 'lookout-nowhere' } };
    const { failed } = await preflight('namespaces', { objects: [object] });
    expect(failed).toEqual(['namespace lookout-nowhere: does not exist: kubectl create namespace lookout-nowhere']);
  });

  test('sees that a restricted namespace refuses directories of the node', async () => {
    const object = (volumes: readonly object[]) => ({
      ...statefulSet('reader', {}, { volumes }),
      metadata: { name: 'reader', namespace: restricted },
    });
    const host = await preflight('namespaces', { objects: [object([{ name: 'data', hostPath: { path: '/mnt' } }])] });
    expect(host.failed[0]).toMatch(
      /enforces Pod Security restricted, .* StatefulSet .*reader reads directories of the node/,
    );
    const without = await preflight('namespaces', { objects: [object([{ name: 'data', emptyDir: {} }])] });
    expect(without).toMatchObject({ outcome: 'passed', failed: [] });
  });

  test('tells when no node has the labels that are asked for', async () => {
    const nodes = (labels: Readonly<Record<string, string>>) => preflight('nodes', { nodes: labels });
    expect((await nodes({ 'shop/disk': 'none' })).failed[0]).toMatch(
      /^nodes with shop\/disk=none: there is none among \S+: no pod would be made; see exporter\.nodes$/,
    );
    expect(await nodes({ 'kubernetes.io/os': 'linux' })).toMatchObject({ outcome: 'passed', remarks: [] });
    expect(await nodes({})).toMatchObject({ outcome: 'skipped' });
  });

  test('names every verb that RBAC does not give', async () => {
    const account = { namespace, name: 'half' };
    const rules: readonly Rule[] = [
      { apiGroups: ['apps'], resources: ['statefulsets'], verbs: ['get', 'list', 'create'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'create', 'patch', 'delete'] },
      { apiGroups: [''], resources: ['pods', 'pods/log', 'events'], verbs: ['get', 'list'] },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'create', 'update'] },
    ];
    serviceAccount(account, [{ namespace, rules }]);
    const { failed } = await preflight('permissions', {
      objects: [statefulSet('web')],
      access: { kubeconfig: kubeconfigOf(account.name), context: 'half' },
    });
    expect(failed).toEqual([
      `statefulsets.apps in ${namespace}: RBAC does not give patch, delete`,
      `pods/portforward in ${namespace}: RBAC does not give create`,
    ]);
    expect((await preflight('permissions', { objects: [statefulSet('web')] })).outcome).toBe('passed');
  });

  test('names a kind whose definition is not installed', async () => {
    const object = { apiVersion: 'nowhere.example.com/v1', kind: 'Gadget', metadata: { name: 'one', namespace } };
    const { failed } = await preflight('kinds', { objects: [object, statefulSet('web')] });
    expect(failed).toEqual([
      'Gadget of nowhere.example.com/v1: is not served: install the operator that brings its definition',
    ]);
  });

  test('finds objects of somebody else under our names, and says whose they are', async () => {
    apply(statefulSet('taken'));
    const { failed } = await preflight('names', { objects: [statefulSet('taken'), statefulSet('free')] });
    expect(failed).toHaveLength(1);
    expect(failed[0]).toContain(`StatefulSet ${namespace}/taken: exists and is kept by kubectl`);
  });

  test('refuses a class that does not exist, or that is NFS, and remarks one whose claims cannot grow', async () => {
    const nfs = `lookout-nfs-${namespace}`;
    apply({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: nfs },
      provisioner: 'nfs.csi.k8s.io',
      allowVolumeExpansion: true,
    });
    onTestFinished(() => void kubectl(['delete', 'storageclass', nfs]));
    expect((await preflight('storage', { objects: [withClaim('nowhere')] })).failed[0]).toMatch(
      /^claim of lookout-prometheus: there is no class nowhere \(there are .*\); name one with storage.class$/,
    );
    expect((await preflight('storage', { objects: [withClaim(nfs)] })).failed[0]).toMatch(/is NFS .* loses data/);
    const byDefault = await preflight('storage', { objects: [withClaim()] });
    expect(byDefault.outcome).toBe('passed');
    if (inject('cluster').own) expect(byDefault.remarks[0]).toMatch(/class local-path .* cannot be made larger later/);
  });

  test('asks for a claim that is named and not there', async () => {
    const own = productionStack.cluster?.storage.grafana ?? { size: 1, storageClass: null };
    const storage = { ...productionStack.cluster?.storage, grafana: { ...own, claim: 'nowhere' } };
    const { failed } = await preflight('storage', { settings: { storage } as Partial<ClusterSettings> });
    expect(failed).toEqual([`claim nowhere for grafana: does not exist in ${namespace}`]);
  });

  test('asks for the Secret that opens the registry', async () => {
    const images = { registry: 'registry.example.com', pullSecrets: ['opens', 'other', 'nowhere'] };
    kubectl([
      'create',
      'secret',
      'docker-registry',
      'opens',
      `--namespace=${namespace}`,
      '--docker-server=x',
      '--docker-username=x',
      '--docker-password=x',
    ]);
    kubectl(['create', 'secret', 'generic', 'other', `--namespace=${namespace}`]);
    const { failed } = await preflight('pull-secrets', { settings: { images } });
    expect(failed).toEqual(['Secret other: is of the type Opaque', `Secret nowhere: does not exist in ${namespace}`]);
  });

  test('finds monitoring that runs already: a second kube-state-metrics is refused, a second Grafana remarked', async () => {
    const images = {
      ksm: 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.17.0',
      board: 'docker.io/grafana/grafana:12.3.0',
    };
    for (const [name, image] of Object.entries(images))
      apply(statefulSet(name, {}, { containers: [{ name: 'main', image }] }));
    apply({
      kind: 'Service',
      metadata: { name: 'ksm', namespace },
      spec: { selector: { app: 'ksm' }, ports: [{ port: 8080 }] },
    });
    const components = { ...productionStack.cluster?.components, kubeStateMetrics: { kind: 'install' } };
    const { failed, remarks } = await preflight('existing', { settings: { components } as Partial<ClusterSettings> });
    expect(failed).toContain(
      `kubeStateMetrics ${namespace}/ksm: runs already, and a second one doubles its series: write components.kubeStateMetrics: { existing: "ksm.${namespace}.svc:8080" }`,
    );
    expect(remarks.join()).toContain(`grafana ${namespace}/board: runs already and stays as it is`);
  });

  test('tells which images the nodes have, and from where they pull the others', async () => {
    const containers = [{ name: 'main', image: 'registry.example.com/shop/web:1' }];
    const { outcome, remarks } = await preflight('images', { objects: [statefulSet('web', {}, { containers })] });
    expect(outcome).toBe('passed');
    expect(remarks).toEqual([
      'images of registry.example.com: not on every node: registry.example.com/shop/web:1: pulled from registry.example.com when their pods start, which the nodes must reach; another registry is images.registry',
    ]);
    if (!inject('cluster').own) return;
    const present = { containers: [{ name: 'main', image: images().node }] };
    const told = async () => (await preflight('images', { objects: [statefulSet('web', {}, present)] })).remarks;
    await until(async () => (await told()).length === 0);
  });

  test('tells a NetworkPolicy of others that keeps a probe or the exporter of a database out, until it lets them in', async () => {
    const labels = { app: 'backend' };
    const container = {
      name: 'main',
      image: images().busybox,
      command: ['sleep', '600'],
      ports: [{ name: 'http', containerPort: 8000 }],
    };
    const policy = (from: readonly object[]) => ({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'backend-network-policy', namespace },
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ['Ingress'],
        ingress: [{ from, ports: [{ port: 8000 }] }],
      },
    });
    const frontend = { podSelector: { matchLabels: { app: 'frontend' } } };
    apply(
      { kind: 'Pod', metadata: { name: 'backend', namespace, labels }, spec: { containers: [container] } },
      {
        kind: 'Service',
        metadata: { name: 'backend-service', namespace },
        spec: { selector: labels, ports: [{ port: 80, targetPort: 'http' }] },
      },
      policy([frontend]),
    );
    const probe = productionStack.probes[0]!;
    const access = {
      kind: 'server',
      address: 'backend-service:80',
      database: null,
      user: null,
      password: null,
      tls: 'none',
    } as const;
    const declared: Partial<Stack> = {
      applications: [],
      probes: [{ ...probe, name: 'inside', target: 'http://backend-service/health' }, probe],
      databases: [{ name: 'queue', engine: 'redis', exporter: 'lookout-database-queue:9121', access }],
    };
    const closed = await preflight('admissions', { declared });
    expect(closed).toMatchObject({ outcome: 'passed', failed: [] });
    const needs = (pods: string) =>
      `NetworkPolicy backend-network-policy of ${namespace} lets nobody in on port 8000 who is not named there: where policies are enforced it needs a rule for the pods app.kubernetes.io/name=${pods},app.kubernetes.io/instance=production`;
    expect(closed.remarks).toEqual([
      `probe inside: ${needs('blackbox-exporter')}`,
      `database queue: ${needs('lookout-database-queue')}`,
    ]);
    const named = (...names: readonly string[]) =>
      names.map((name) => ({ podSelector: { matchLabels: { 'app.kubernetes.io/name': name } } }));
    apply(policy([frontend, ...named('blackbox-exporter')]));
    expect((await preflight('admissions', { declared })).remarks).toHaveLength(1);
    apply(policy([frontend, ...named('blackbox-exporter', 'lookout-database-queue')]));
    expect(await preflight('admissions', { declared })).toMatchObject({ outcome: 'passed', remarks: [] });
  });

  test('asks OpenShift whether a pod may read directories of the node', async () => {
    defineConstraints();
    onTestFinished(
      () => void kubectl(['delete', 'customresourcedefinition', `securitycontextconstraints.${openshift}`]),
    );
    const reader = statefulSet('reader', {}, { volumes: [{ name: 'data', hostPath: { path: '/mnt' } }] });
    const settings = { distribution: 'openshift' } as const;
    const use: Rule = {
      apiGroups: [openshift],
      resources: ['securitycontextconstraints'],
      resourceNames: ['hostaccess'],
      verbs: ['use'],
    };
    const judge = () => preflight('security-context-constraints', { objects: [reader, statefulSet('web')], settings });
    expect((await judge()).failed).toEqual([
      `StatefulSet ${namespace}/reader: the account default may use no constraints that allow directories of the node (hostaccess): oc adm policy add-scc-to-user <one of them> -z default -n ${namespace}, or declare claims instead of paths of the node`,
    ]);
    serviceAccount({ namespace, name: 'default' }, [{ namespace, rules: [use] }]);
    expect((await judge()).findings).toEqual([`StatefulSet ${namespace}/reader: default may use hostaccess`]);
    expect(await preflight('security-context-constraints', { objects: [reader] })).toMatchObject({
      outcome: 'skipped',
    });
  });

  test('says when nothing is known to enforce NetworkPolicies', async () => {
    if (!inject('cluster').own) return;
    const { outcome, remarks } = await preflight('network-policies', {});
    expect(outcome).toBe('passed');
    expect(remarks[0]).toContain('perhaps without effect: no program that enforces them was found');
  });
});

describe('lookout doctor, and the first apply of a stack', () => {
  const folder = join(temporary, 'unfit');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'environment.yaml'),
    stringify({
      platform: 'kubernetes',
      namespace: 'lookout-nowhere',
      cluster: { context: inject('cluster').context },
      images: { pullSecrets: ['none'] },
    }),
  );
  const obstacles = [
    'namespace lookout-nowhere: does not exist: kubectl create namespace lookout-nowhere',
    'Secret none: does not exist in lookout-nowhere',
  ];
  const run = (command: string) => lookout([command, folder], undefined, { KUBECONFIG: inject('cluster').kubeconfig });

  test('tell everything that stands in the way; nothing is written', async () => {
    const applied = await run('apply');
    expect(applied.code).toBe(1);
    for (const line of obstacles) expect(applied.reported[0]).toContain(`  ${line}`);
    expect(kubectl(['get', 'namespace', 'lookout-nowhere', '--ignore-not-found'])).toBe('');
    const examined = await run('doctor');
    expect(examined.code).toBe(1);
    for (const line of obstacles) expect(examined.printed.join('\n')).toContain(`failed: ${line}`);
  });
});

const openshift = 'security.openshift.io';

/** What OpenShift serves of its constraints, as far as it is read: one that allows directories of the node, one that does not. */
function defineConstraints(): void {
  const plural = 'securitycontextconstraints';
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const names = { plural, singular: plural, kind: 'SecurityContextConstraints' };
  apply({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${openshift}` },
    spec: {
      group: openshift,
      scope: 'Cluster',
      names,
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  });
  kubectl(['wait', '--for=condition=Established', `crd/${plural}.${openshift}`, '--timeout=60s']);
  const constraints = (name: string, allowHostDirVolumePlugin: boolean) => ({
    apiVersion: `${openshift}/v1`,
    kind: names.kind,
    metadata: { name },
    allowHostDirVolumePlugin,
  });
  apply(constraints('hostaccess', true), constraints('restricted-v2', false));
}

/** A kubeconfig of a service account of the namespace; its context bears the account's name. */
function kubeconfigOf(name: string): string {
  const { server, authority, token } = accessOf(namespace, name);
  const data = Buffer.from(authority() ?? '').toString('base64');
  const path = join(temporary, `${name}.yaml`);
  writeFileSync(
    path,
    stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name, cluster: { server, 'certificate-authority-data': data } }],
      users: [{ name, user: { token: token() } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
    }),
  );
  return path;
}
