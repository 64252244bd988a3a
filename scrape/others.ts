import { exporterAddress, exporters, type OtherExporter, type Stack } from '../stack/types.ts';

/**
 * The jobs of programs of others that the environment has in its cluster. kube-state-metrics speaks of objects of all namespaces:
 * their labels hold, not ours.
 */
export function otherJobs({ cluster, namespace }: Stack): readonly object[] {
  if (cluster === null) return [];
  return (Object.keys(exporters) as OtherExporter[]).flatMap((exporter) => {
    const address = exporterAddress(cluster, exporter);
    return address === null ? [] : [{ job_name: exporters[exporter], ...discovery[exporter](address, namespace) }];
  });
}

const discovery: Readonly<Record<OtherExporter, (address: string, namespace: string) => object>> = {
  kubeStateMetrics: (address, namespace) => ({
    honor_labels: true,
    static_configs: [{ targets: [address], labels: { namespace } }],
  }),
  /** One on each node, behind one name. */
  nodeExporter: (address, namespace) => {
    const [, name = '', port = ''] = /^(.*):(\d+)$/.exec(address) ?? [];
    return {
      dns_sd_configs: [{ names: [name], type: 'A', port: Number(port), refresh_interval: '30s' }],
      relabel_configs: [{ target_label: 'namespace', replacement: namespace }],
    };
  },
};
