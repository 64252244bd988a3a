import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

/** The environment of a cluster with nothing but a claim: enough for our own alerts and dashboards to be there too. */
export const environment = `platform: kubernetes
namespace: shop
cluster: { context: nowhere }
volumes:
  - { claim: data, size: 1Gi }
`;

export const goodRules = `import { type Alert, always, percent, ratioScenarios, type Topic, value } from 'lookout/rules';
import { metric } from '../shared/names.ts';

const filling: Alert = {
  name: 'QueueFilling',
  severity: 'warning',
  for: 120,
  threshold: { value: 0.8, unit: 'percentunit' },
  expr: ({ select, threshold }) => \`\${select(metric)} > \${threshold}\`,
  summary: 'queue {{ $labels.queue }} filling up',
  detail: percent(value),
  value: percent(value),
  action: 'Start a second worker.',
  description: 'The queue {{ $labels.queue }} is nearly full.',
  runbook: { means: 'More is put in than taken out.', steps: ['Start a second worker.'] },
  panel: { dashboard: 'queues', panel: 'Queues' },
  object: 'queue',
  scenarios: ratioScenarios(metric, { queue: 'mails' }, [{ metric: 'up', labels: {}, values: always(1) }]),
};

export const topic: Topic = { name: 'queues', alerts: [filling] };
`;

export const goodDashboard = `import * as units from '@grafana/grafana-foundation-sdk/units';
import { above, type DashboardSource, graph, over, type PanelContext, series } from 'lookout/dashboards';
import { metric } from '../shared/names.ts';

export const dashboard: DashboardSource = {
  uid: 'queues',
  title: 'Queues of the shop',
  description: 'How full they are.',
  from: 'now-6h',
  variables: () => [],
  rows: [{ title: 'Queues', panels: [queues] }],
};

function queues({ limit }: PanelContext) {
  return graph(
    'Queues',
    'How full each queue is; the line is the limit of the alert.',
    { unit: units.PercentUnit, noValue: 'nothing tells of queues', steps: above(limit('QueueFilling')) },
    over(series(metric), '{{queue}}'),
  );
}
`;

export const goodFiles: Readonly<Record<string, string>> = {
  'environment.yaml': environment,
  'rules/queues.ts': goodRules,
  'dashboards/queues.ts': goodDashboard,
  'shared/names.ts': `export const metric = 'queue_used_ratio';\n`,
};

/** A folder outside the checkout, with nothing installed beside it. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'lookout-own-')), 'shop');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program as people start it, in the folder itself. */
export function lookoutIn(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return end([join(root, 'bin/lookout.mjs'), ...args], folder, env);
}

export function end(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((settle) => {
    execFile(process.execPath, args, { cwd, env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      settle({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}
