import { parse } from 'yaml';
import type { ClusterSettings, OutputFile } from '../../stack/types.ts';
import { type BareObject, filesBelow, type ObjectSource } from '../component.ts';
import { qualified } from './references.ts';

/** Dashboards, and the datasource that they begin with, for a Grafana of others. */
export const dashboards: ObjectSource = {
  name: 'dashboards',
  render: ({ stack, cluster, files }) => {
    const own = filesBelow('grafana', files);
    const boards = own.filter(({ path }) => path.startsWith('dashboards/'));
    const sources = own.find(({ path }) => path === 'provisioning/datasources/lookout.yaml');
    const made = deliveries[cluster.operator.dashboards];
    const place = { cluster, folder: `Lookout ${stack.name}` };
    return {
      objects: [
        ...(sources === undefined ? [] : datasources(sources, cluster)).flatMap((source) =>
          made.datasource(source, cluster),
        ),
        ...boards.flatMap((board) => made.dashboard(nameOf(board), board.content, place)),
      ],
      secrets: [],
    };
  },
};

interface Delivered {
  readonly datasource: (source: Datasource, cluster: ClusterSettings) => readonly BareObject[];
  readonly dashboard: (name: string, json: string, place: Place) => readonly BareObject[];
}

/** Others have dashboards in the same Grafana: those of a stack have a folder of their own. */
interface Place {
  readonly cluster: ClusterSettings;
  readonly folder: string;
}

const nothing: Delivered = { datasource: () => [], dashboard: () => [] };

/** Source: grafana-operator, API reference: GrafanaDatasource, GrafanaDashboard. */
const objects: Delivered = {
  datasource: (source, cluster) => [
    {
      apiVersion: 'grafana.integreatly.org/v1beta1',
      kind: 'GrafanaDatasource',
      metadata: { name: source.uid },
      spec: { ...selected(cluster), datasource: source },
    },
  ],
  dashboard: (name, json, { cluster, folder }) => [
    {
      apiVersion: 'grafana.integreatly.org/v1beta1',
      kind: 'GrafanaDashboard',
      metadata: { name },
      spec: { ...selected(cluster), folder, json },
    },
  ],
};

/** The Grafana is in a namespace of its own. */
function selected({ operator }: ClusterSettings): object {
  return { allowCrossNamespaceImport: true, instanceSelector: { matchLabels: operator.grafana } };
}

/** Labels and annotation are those that the sidecar of Grafana's Helm chart looks for unless it is told others. */
const configMaps: Delivered = {
  datasource: (source) => [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `${source.uid}-datasource`, labels: { grafana_datasource: '1' } },
      data: { [`${source.uid}.json`]: `${JSON.stringify({ apiVersion: 1, datasources: [source] }, null, 2)}\n` },
    },
  ],
  dashboard: (name, json, { folder }) => [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: `${name}-dashboard`,
        labels: { grafana_dashboard: '1' },
        annotations: { grafana_folder: folder },
      },
      data: { [`${name}.json`]: json },
    },
  ],
};

const deliveries: Readonly<Record<ClusterSettings['operator']['dashboards'], Delivered>> = {
  'grafana-operator': objects,
  sidecar: configMaps,
  none: nothing,
};

function nameOf({ path }: OutputFile): string {
  return path.slice('dashboards/'.length, -'.json'.length);
}

interface Datasource {
  readonly name: string;
  readonly uid: string;
  readonly type: string;
  readonly access: string;
  readonly url: string;
  readonly isDefault: boolean;
  readonly jsonData: object;
}

/**
 * Never the default: a second one keeps Grafana from starting. Without credentials: an operator's Prometheus has none of ours.
 * Without the address of a Prometheus the dashboards begin with the datasource that Grafana has already.
 */
function datasources({ content }: OutputFile, { components, namespace }: ClusterSettings): readonly Datasource[] {
  const { datasources: all } = parse(content) as { readonly datasources: readonly Datasource[] };
  return all
    .filter(({ type }) => type !== 'prometheus' || components.prometheus.kind === 'existing')
    .map(({ name, uid, type, access, url, jsonData }) => {
      const { protocol, host } = new URL(url);
      return { name, uid, type, access, url: `${protocol}//${qualified(host, namespace)}`, isDefault: false, jsonData };
    });
}
