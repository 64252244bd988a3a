import { formatDuration } from '../../common/durations.ts';
import { exporterAddress, type Probe, probeJob } from '../../stack/types.ts';
import type { BareObject, ObjectSource } from '../component.ts';
import { qualified } from './references.ts';

/** The probes as objects for the operator, whose Prometheus asks the blackbox exporter for them. */
export const probes: ObjectSource = {
  name: 'probes',
  render: ({ stack, cluster }) => {
    const prober = exporterAddress(cluster, 'blackbox');
    if (prober === null) return { objects: [], secrets: [] };
    const url = qualified(prober, cluster.namespace);
    return { objects: stack.probes.map((probe) => object(probe, url, stack.namespace)), secrets: [] };
  },
};

/** Format: prometheus-operator, API reference, `Probe`. */
function object(probe: Probe, url: string, namespace: string): BareObject {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Probe',
    metadata: { name: `lookout-probe-${probe.name}` },
    spec: {
      jobName: probeJob,
      prober: { url },
      module: probe.module,
      targets: { staticConfig: { static: [probe.target], labels: { namespace, probe: probe.name } } },
      interval: formatDuration(probe.interval),
      scrapeTimeout: formatDuration(probe.giveUp),
    },
  };
}
