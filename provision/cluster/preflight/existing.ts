import type { Finding } from '../../checks/check.ts';
import { findExisting } from '../../init/cluster/components.ts';
import { readMonitoring } from '../../init/cluster/read.ts';
import type { PreflightCheck } from './context.ts';

/** A second kube-state-metrics or node-exporter doubles every series of the first. */
const doubled: readonly string[] = ['kubeStateMetrics', 'nodeExporter'];

export const existingMonitoring: PreflightCheck = {
  name: 'existing',
  title: 'what monitors here already is known, and nothing is installed twice that must not be',
  run: async ({ cluster, stack }) => {
    const { components, namespace } = stack.cluster;
    const found = findExisting(await readMonitoring(cluster, namespace));
    const findings = found.map(({ component, workload, namespace: where, address }): Finding => {
      const setting = components[component];
      const subject = `${component} ${where}/${workload}`;
      const use = `components.${component}: { existing: "${address ?? '<host:port>'}" }`;
      if (setting.kind !== 'install') return { ok: true, subject, evidence: 'runs already; none is installed here' };
      if (doubled.includes(component))
        return { ok: false, subject, evidence: `runs already, and a second one doubles its series: write ${use}` };
      return { ok: true, remark: true, subject, evidence: `runs already and stays as it is; to use it: ${use}` };
    });
    return findings.length > 0 ? findings : [{ ok: true, subject: 'monitoring', evidence: 'none was found' }];
  },
};
