import type { KubernetesObject } from '../../../k8s/types.ts';
import type { Kind, LiveObject } from '../client/types.ts';
import {
  describeRequirement,
  type LabelSelector,
  type ObjectLabels,
  type Requirement,
  remedy,
  unmet,
} from './label-selector.ts';

const monitoring = 'monitoring.coreos.com';

/** What prometheus-operator runs, and the fields by which each selects the objects of a kind. Source: its API reference. */
const readerKinds: Readonly<
  Record<string, readonly (Kind & { readonly selector: string; readonly namespaces: string })[]>
> = {
  PrometheusRule: [reader('Prometheus', 'rule'), reader('ThanosRuler', 'rule')],
  ServiceMonitor: [reader('Prometheus', 'serviceMonitor'), agent('serviceMonitor')],
  Probe: [reader('Prometheus', 'probe'), agent('probe')],
  ScrapeConfig: [reader('Prometheus', 'scrapeConfig'), agent('scrapeConfig')],
  AlertmanagerConfig: [reader('Alertmanager', 'alertmanagerConfig')],
};

function reader(kind: string, field: string, version = 'v1') {
  const [selector, namespaces] = [`${field}Selector`, `${field}NamespaceSelector`];
  return { apiVersion: `${monitoring}/${version}`, kind, selector, namespaces };
}

function agent(field: string) {
  return reader('PrometheusAgent', field, 'v1alpha1');
}

/** The kinds of what may read objects of a kind; none when no program of prometheus-operator reads it. */
export function readersOf({ apiVersion, kind }: Kind) {
  return apiVersion.startsWith(`${monitoring}/`) ? (readerKinds[kind] ?? []) : [];
}

/** Whether one program reads an object; else why not, and what would help. */
export type Verdict = { readonly reads: true } | { readonly reads: false; readonly reason: string };

/**
 * Judges as prometheus-operator does: no selector selects nothing and an empty one everything; no selector of namespaces
 * selects the program's own.
 */
export function judge(
  program: LiveObject,
  { selector, namespaces }: { readonly selector: string; readonly namespaces: string },
  object: KubernetesObject,
  namespaceLabels: ObjectLabels,
): Verdict {
  const spec = (program['spec'] ?? {}) as Readonly<Record<string, LabelSelector | undefined>>;
  const { [selector]: wanted, [namespaces]: places } = spec;
  const { namespace = '', labels = {} } = object.metadata;
  if (wanted === undefined) return no(`has no ${selector}, so it reads none`);
  if (places === undefined && namespace !== program.metadata.namespace)
    return no(`has no ${namespaces}, so it reads its own namespace only`);
  const missing = unmet(places ?? {}, namespaceLabels);
  if (missing.length > 0)
    return no(`${lacks(namespaces, missing, `namespace ${namespace}`)}${labelling(namespace, missing)}`);
  const lacking = unmet(wanted, labels);
  return lacking.length > 0 ? no(`${lacks(selector, lacking, 'the object')}${marking(lacking)}`) : { reads: true };
}

function no(reason: string): Verdict {
  return { reads: false, reason };
}

function lacks(field: string, requirements: readonly Requirement[], what: string): string {
  return `its ${field} asks for ${requirements.map(describeRequirement).join(' and ')}, which ${what} does not meet`;
}

function labelling(namespace: string, requirements: readonly Requirement[]): string {
  const labels = remedies(requirements).map(([key, value]) => `${key}=${value}`);
  return labels.length === 0 ? '' : `: kubectl label namespace ${namespace} ${labels.join(' ')}`;
}

function marking(requirements: readonly Requirement[]): string {
  const labels = remedies(requirements).map(([key, value]) => `${key}: ${value}`);
  return labels.length === 0 ? '' : `: write operator: { labels: { ${labels.join(', ')} } }`;
}

function remedies(requirements: readonly Requirement[]) {
  return requirements.map(remedy).filter((label) => label !== undefined);
}
