import { parseBytes } from '../common/quantities.ts';
import type { Report } from './checks.ts';
import { claimSizes } from './defaults.ts';
import { child, itemsAt, type Node, nodeAt, type Path, textAt } from './tree.ts';
import type { StoredComponent } from './types.ts';

/** What contradicts itself in the settings of a cluster. */
export function checkCluster(root: Node, report: Report): void {
  if (textAt(root, ['platform']) !== 'kubernetes') return;
  for (const component of ['prometheus', 'alertmanager', 'grafana', 'jaeger'] as const) {
    claimThatExists(root, component, report);
    if (!installs(root, component)) notInstalled(root, component, report);
  }
  if (installs(root, 'prometheus')) retention(root, report);
  traces(root, report);
  flavours(root, report);
  delivery(root, report);
  rights(root, report);
  mounts(root, report);
  exposure(root, report);
  auth(root, report);
  needed(root, report);
}

/** What is installed needs what it reads or tells. */
function needed(root: Node, report: Report): void {
  const isNone = (component: string): boolean => textAt(root, ['components', component]) === 'none';
  const instead = 'write {existing: <host:port>} of one that is there, or install it';
  if (isNone('prometheus') && installs(root, 'grafana')) {
    report(['components', 'prometheus'], `Grafana would have nothing to show; ${instead}`);
  }
  if (isNone('alertmanager') && installs(root, 'prometheus')) {
    report(['components', 'alertmanager'], `the alerts of Prometheus would reach nobody; ${instead}`);
  }
}

function isOperated(root: Node): boolean {
  return textAt(root, ['flavour']) === 'operator';
}

function installs(root: Node, component: StoredComponent): boolean {
  const setting = nodeAt(root, ['components', component]);
  if (setting === undefined) return component !== 'jaeger' && !isOperated(root);
  return setting.kind === 'text' && setting.text === 'install';
}

function claimThatExists(root: Node, component: StoredComponent, report: Report): void {
  const found = nodeAt(root, [component, 'storage']);
  if (child(found, 'claim') !== undefined && child(found, 'class') !== undefined) {
    report([component, 'storage', 'class'], 'a claim that exists has its class already; remove one of the two');
  }
  const replicas = textAt(root, [component, 'replicas']) ?? '1';
  if (child(found, 'claim') !== undefined && replicas !== '1') {
    const message = `a claim holds the data of one, and there are ${replicas}; let each have one of its own, or remove replicas`;
    report([component, 'storage', 'claim'], message);
  }
}

/** What is for a program of our own only. */
function notInstalled(root: Node, component: StoredComponent, report: Report): void {
  const own: readonly Path[] = [
    [component, 'storage'],
    [component, 'replicas'],
    ...(component === 'grafana'
      ? [
          ['grafana', 'access'],
          ['grafana', 'auth'],
        ]
      : []),
    ...(component === 'jaeger'
      ? [
          ['jaeger', 'retention'],
          ['jaeger', 'memory'],
        ]
      : []),
  ];
  for (const path of own) {
    if (nodeAt(root, path) === undefined) continue;
    const byFlavour = component !== 'jaeger' && nodeAt(root, ['components', component]) === undefined;
    const reason = byFlavour ? 'flavour' : `components.${component}`;
    report(path, `counts where it is installed, and ${reason} says otherwise; remove one of the two`);
  }
}

function retention(root: Node, report: Report): void {
  const path = ['prometheus', 'retention', 'size'];
  const kept = textAt(root, path);
  const size = textAt(root, ['prometheus', 'storage', 'size']);
  if (nodeAt(root, ['prometheus', 'storage', 'claim']) !== undefined && size === undefined && kept === undefined) {
    report(path, 'missing: how much the claim holds is not known here; write it, or prometheus.storage.size');
  }
  const [wanted, room] = [parseBytes(kept ?? ''), parseBytes(size ?? '') ?? claimSizes.prometheus];
  const known = size !== undefined || nodeAt(root, ['prometheus', 'storage', 'claim']) === undefined;
  if (known && wanted !== undefined && wanted >= room) {
    const claim = size ?? `${claimSizes.prometheus / 1024 ** 3}Gi`;
    report(
      path,
      `does not fit into the claim of ${claim}, in which the write-ahead log lies too; four fifths of it do`,
    );
  }
}

/** In memory or on a claim, not both. */
function traces(root: Node, report: Report): void {
  if (nodeAt(root, ['jaeger', 'memory']) === undefined) return;
  for (const key of ['storage', 'retention']) {
    if (nodeAt(root, ['jaeger', key]) !== undefined)
      report(['jaeger', key], 'is of a claim, and jaeger.memory keeps traces without one; remove one of the two');
  }
}

/** Operators run what the objects of this stack tell them to; a Grafana of our own may stand beside them. */
function flavours(root: Node, report: Report): void {
  if (!isOperated(root)) {
    if (nodeAt(root, ['operator']) !== undefined) report(['operator'], 'goes with flavour: operator only; remove it');
    return;
  }
  const apart = textAt(root, ['cluster', 'namespace']);
  if (apart !== undefined && apart !== textAt(root, ['namespace'])) {
    const message =
      'with flavour: operator the objects lie where the watched is: operators take nothing over the border of a namespace; remove it';
    report(['cluster', 'namespace'], message);
  }
  for (const component of ['prometheus', 'alertmanager'] as const) {
    if (!installs(root, component)) continue;
    const message = 'with flavour: operator the operator runs it; write {existing: <host:port>} of its Service';
    report(['components', component], message);
  }
}

function delivery(root: Node, report: Report): void {
  const gitops = textAt(root, ['delivery', 'gitops']);
  const hasSource = nodeAt(root, ['delivery', 'source']) !== undefined;
  if (hasSource && gitops === undefined)
    report(['delivery', 'source'], 'is where Flux or Argo CD find the files; say which with gitops');
  if (gitops === 'flux' && nodeAt(root, ['delivery', 'source', 'revision']) !== undefined)
    report(['delivery', 'source', 'revision'], 'Flux has it in its GitRepository; remove it');
  if (textAt(root, ['delivery', 'kind']) !== 'apply') return;
  for (const key of ['gitops', 'sops']) {
    if (nodeAt(root, ['delivery', key]) !== undefined)
      report(['delivery', key], 'goes with kind: files only; remove it');
  }
}

function rights(root: Node, report: Report): void {
  const access = textAt(root, ['cluster', 'access']);
  if (access === 'namespace' && textAt(root, ['certificates', 'discover']) === 'everywhere') {
    report(
      ['certificates', 'discover'],
      'cluster.access: namespace gives no right to other namespaces; write namespace',
    );
  }
}

/** Our pods may be in another namespace than what is watched; claims cannot. */
function mounts(root: Node, report: Report): void {
  const own = textAt(root, ['cluster', 'namespace']);
  if (own === undefined || own === textAt(root, ['namespace'])) return;
  for (const path of mountedClaims(root)) {
    report(
      path,
      `is in another namespace than our pods (cluster.namespace: ${own}), and a pod mounts claims of its own only`,
    );
  }
}

function mountedClaims(root: Node): readonly Path[] {
  const all = textAt(root, ['cluster', 'access']) === 'namespace';
  const claims = (list: Path, mounted: (item: Node) => boolean): readonly Path[] =>
    itemsAt(root, list).flatMap((item, index) =>
      child(item, 'claim') !== undefined && mounted(item) ? [[...list, index, 'claim']] : [],
    );
  return [
    ...claims(['backups'], () => true),
    ...claims(['volumes'], (item) => all || child(item, 'directory') !== undefined),
    ...claims(['certificates', 'files'], () => true),
  ];
}

/** A section of ways of which one is taken. */
function oneOf(root: Node, path: Path, ways: readonly string[], report: Report): void {
  const [first, ...more] = ways.filter((way) => nodeAt(root, [...path, way]) !== undefined);
  if (first === undefined) report(path, `expected one of ${ways.join(', ')}`);
  for (const way of more) report([...path, way], `stands beside ${first}; one of them is enough`);
}

function auth(root: Node, report: Report): void {
  const found = nodeAt(root, ['grafana', 'auth']);
  if (found?.kind !== 'map') return;
  oneOf(root, ['grafana', 'auth'], ['proxy', 'jwt', 'oidc'], report);
  const keys = textAt(root, ['grafana', 'auth', 'jwt', 'jwkSetUrl']);
  if (keys?.startsWith('http:') === true)
    report(['grafana', 'auth', 'jwt', 'jwkSetUrl'], 'Grafana takes keys by https only');
  const known = ['access', 'url'].some((key) => nodeAt(root, ['grafana', key]) !== undefined);
  if (found.entries.has('oidc') && !known)
    report(
      ['grafana', 'auth', 'oidc'],
      'the provider sends people back to the address of Grafana; write grafana.access',
    );
}

function exposure(root: Node, report: Report): void {
  const found = nodeAt(root, ['grafana', 'access']);
  if (found?.kind !== 'map') return;
  oneOf(root, ['grafana', 'access'], ['ingress', 'route', 'gateway'], report);
  if (found.entries.has('route') && textAt(root, ['cluster', 'distribution']) !== 'openshift') {
    report(
      ['grafana', 'access', 'route'],
      'only OpenShift has Routes; write cluster.distribution: openshift, or ingress',
    );
  }
}
