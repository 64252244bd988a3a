import { expect, test } from 'vitest';
import type { CheckContext } from '../../provision/checks/check.ts';
import { configurationApplied } from '../../provision/checks/configuration.ts';
import type { Service } from '../../provision/checks/service.ts';
import { localStack } from '../support/stacks.ts';

const prometheusYaml = [
  'rule_files: [rules/*.yml]',
  'scrape_configs:',
  '  - job_name: shop',
  '    authorization: {credentials_file: credentials/token}',
  '    relabel_configs: [{regex: "", target_label: role}]',
].join('\n');
const outputs = [
  { path: 'prometheus/prometheus.yml', content: prometheusYaml },
  { path: 'alertmanager/alertmanager.yml', content: 'route: {receiver: operators}' },
];

/** As a program tells it: with its defaults, absolute paths, and null for what is empty. */
const held = (job: string) =>
  `global: {scrape_interval: 1m}
rule_files: [/etc/prometheus/rules/*.yml]
scrape_configs:
  - {job_name: ${job}, honor_labels: false, authorization: {type: Bearer, credentials_file: /etc/prometheus/credentials/token}, relabel_configs: [{regex: null, target_label: role}]}`;

function service(title: string, config: string, reloaded: number): Service {
  const metric = `${title.toLowerCase()}_config_last_reload_successful ${reloaded}\n`;
  const answers: Readonly<Record<string, string>> = {
    '/metrics': metric,
    '/api/v1/status/config': JSON.stringify({ status: 'success', data: { yaml: config } }),
    '/api/v2/status': JSON.stringify({ config: { original: config } }),
  };
  return { title, request: async (path) => new Response(answers[path]) };
}

async function findings(more: { job?: string; reloaded?: number; equal?: boolean } = {}) {
  const { job = 'shop', reloaded = 1, equal = true } = more;
  const context: Partial<CheckContext> = {
    stack: localStack,
    outputs,
    configuration: async () => [{ path: 'prometheus/prometheus.yml', equal }],
    prometheuses: [service('Prometheus', held(job), reloaded)],
    alertmanagers: [service('Alertmanager', 'route: {receiver: operators, group_wait: 30s}', 1)],
  };
  const found = await configurationApplied.run(context as CheckContext);
  return found.map(({ ok, evidence }) => `${ok ? 'ok' : 'failed'}: ${evidence}`);
}

test('a program that runs with what was built passes, whatever it adds to it', async () => {
  expect(await findings()).toEqual(['ok: 1 files equal', 'ok: loaded', 'ok: loaded']);
});

test('a program that runs with another configuration is told with the place', async () => {
  expect((await findings({ job: 'other' }))[1]).toBe('failed: it runs with another: scrape_configs[0].job_name differ');
});

test('a program that has refused its configuration is told', async () => {
  expect((await findings({ reloaded: 0 }))[1]).toBe(
    'failed: last reading failed (prometheus_config_last_reload_successful 0)',
  );
});

test('a file that is another is told by its path', async () => {
  expect((await findings({ equal: false }))[0]).toBe('failed: 1 of 1 differ: prometheus/prometheus.yml');
});
