import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { image } from '../../k8s/images.ts';
import type { CheckResult } from '../../provision/checks/check.ts';
import { stackIn } from './k8s/stacks.ts';
import { lookout } from './operator/lookout.ts';
import { temporaryNamespace } from './support/kubectl.ts';
import { placeFakeGrafana } from './support/mirror.ts';

const namespace = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'restricted' });

const dashboard = `import * as units from '@grafana/grafana-foundation-sdk/units';
import { above, type DashboardSource, graph, over, type PanelContext, series } from 'lookout/dashboards';

export const dashboard: DashboardSource = {
  uid: 'watch',
  title: 'Watch',
  description: 'How long scrapes take.',
  from: 'now-6h',
  variables: () => [],
  rows: [{ title: 'Scrapes', panels: [duration] }],
};

function duration({ limit }: PanelContext) {
  const look = { unit: units.Seconds, noValue: 'nothing is scraped', steps: above(limit('WatchSlow')) };
  return graph('Duration', 'The line is the limit.', look, over(series('scrape_duration_seconds'), '{{job}}'));
}
`;

const rules = `import { ratioScenarios, span, type Topic, value } from 'lookout/rules';

export const topic: Topic = {
  name: 'watch',
  alerts: [
    {
      name: 'WatchSlow',
      severity: 'warning',
      for: 60,
      threshold: { value: 5, unit: 's' },
      expr: ({ select, threshold }) => \`\${select('scrape_duration_seconds')} > \${threshold}\`,
      summary: 'scrapes of {{ $labels.job }} slow',
      detail: span(value),
      value: span(value),
      action: 'Look at the target.',
      description: 'A scrape of {{ $labels.job }} takes {{ $value }} s.',
      runbook: { means: 'The target is slow.', steps: ['Look at it.'] },
      panel: { dashboard: 'watch', panel: 'Duration' },
      object: 'job',
      scenarios: ratioScenarios('scrape_duration_seconds', { job: 'shop' }, []),
    },
  ],
};
`;

const home = mkdtempSync(join(tmpdir(), 'lookout-own-'));
const folder = join(home, 'watched');
const file = (path: string) => join(folder, path);
afterAll(() => rmSync(home, { recursive: true, force: true }));
function write(path: string, content: string): void {
  mkdirSync(dirname(file(path)), { recursive: true });
  writeFileSync(file(path), content);
}

beforeAll(() => {
  const stack = stackIn(namespace);
  placeFakeGrafana(image('grafana', stack, stack.cluster!));
  const environment = `platform: kubernetes
namespace: ${namespace}
cluster: { context: ${inject('cluster').context}, access: namespace }
intervals: { scrape: 1s, evaluation: 1s }
prometheus: { storage: { size: 256Mi } }
alertmanager: { storage: { size: 64Mi } }
grafana: { storage: { size: 64Mi } }
`;
  write('environment.yaml', environment);
  write('dashboards/watch.ts', dashboard);
  write('rules/watch.ts', rules);
});

test('a dashboard and an alert of the environment are planned, applied and proven as ours are', {
  timeout: 400_000,
}, () => {
  const applied = lookout('apply', folder);
  expect([applied.code, applied.told], applied.printed).toEqual([
    0,
    expect.stringContaining('applied, everything is ready'),
  ]);

  const verified = lookout('verify', folder, '--json', '--wait', '60s');
  expect(verified.told).toBe('');
  const { results } = JSON.parse(verified.printed) as { results: readonly CheckResult[] };
  const subjects = results.flatMap(({ findings }) => findings.filter(({ ok }) => ok).map(({ subject }) => subject));
  expect(subjects).toEqual(
    expect.arrayContaining([
      'panel Watch / Duration',
      'alert WatchSlow',
      'dashboard Watch',
      expect.stringMatching(/watch/),
    ]),
  );
  write('dashboards/watch.ts', dashboard.replace('The line is the limit.', 'The line is the limit of the alert.'));
  write('rules/watch.ts', readFileSync(file('rules/watch.ts'), 'utf8').replace('for: 60', 'for: 90'));
  const { code, printed } = lookout('plan', folder);
  expect(code).toBe(2);
  expect(printed).toMatch(/watch\.json.*Duration.*description: .*The line is the limit\..* -> .*limit of the alert/);
  expect(printed).toMatch(/watch\.yml.*WatchSlow.*for: .*1m.* -> .*1m30s/);
});
