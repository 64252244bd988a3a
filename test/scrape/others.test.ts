import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scrapeFiles } from '../../scrape/index.ts';
import type { ComponentSetting } from '../../stack/types.ts';
import { productionStack } from '../support/stacks.ts';

/** The jobs of a stack in whose cluster these stand so. */
function jobsWith(kubeStateMetrics: ComponentSetting, nodeExporter: ComponentSetting) {
  const cluster = productionStack.cluster!;
  const components = { ...cluster.components, kubeStateMetrics, nodeExporter };
  const files = scrapeFiles({ ...productionStack, cluster: { ...cluster, components } });
  const config = parse(files.find(({ path }) => path === 'prometheus/prometheus.yml')!.content);
  return config.scrape_configs.filter(({ job_name: name }: { job_name: string }) => /^(kube|node)-/.test(name));
}

const none = { kind: 'none' } as const;
const install = { kind: 'install' } as const;

describe('kube-state-metrics and node-exporter', () => {
  test('are scraped where they are installed or there already, with the labels of what they speak of', () => {
    expect(jobsWith(install, none)).toEqual([
      {
        job_name: 'kube-state-metrics',
        honor_labels: true,
        static_configs: [{ targets: ['lookout-kube-state-metrics:8080'], labels: { namespace: 'shop' } }],
      },
    ]);
    const [job] = jobsWith({ kind: 'existing', address: 'ksm.monitoring:80' }, none);
    expect(job.static_configs[0].targets).toEqual(['ksm.monitoring:80']);
  });

  test('are found on every node by the one name of their Service', () => {
    const [job] = jobsWith(none, install);
    expect(job.dns_sd_configs).toMatchObject([{ names: ['lookout-node-exporter'], type: 'A', port: 9100 }]);
    expect(job.relabel_configs).toEqual([{ target_label: 'namespace', replacement: 'shop' }]);
  });

  test('are not scraped where there are none', () => {
    expect(jobsWith(none, none)).toEqual([]);
  });
});
