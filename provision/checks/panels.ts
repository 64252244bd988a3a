import type { OutputFile, Stack } from '../../stack/types.ts';
import type { Check, Finding } from './check.ts';
import { type PanelQuery, panelQueries } from './queries.ts';
import { prometheusData, query } from './service.ts';

export const panelsHaveData: Check = {
  name: 'panels-have-data',
  title: 'every query of every panel and variable returns data',
  impossible: (stack) => (stack.platform === 'local' ? undefined : 'dashboards are asked on the local platform only'),
  run: async ({ stack, outputs, prometheus }) => {
    const names = await metricNames(prometheus);
    const queries = dashboardFiles(outputs).flatMap((file) => panelQueries(file.content, variables(stack)));
    return Promise.all(queries.map((asked) => ask(asked, names, (expr) => query(prometheus, expr))));
  },
};

function dashboardFiles(outputs: readonly OutputFile[]): readonly OutputFile[] {
  return outputs.filter(({ path }) => path.startsWith('grafana/dashboards/'));
}

/** What Grafana would put for its own variables when a person opens the dashboard. Source: Grafana documentation, "Global variables". */
function variables({ intervals }: Stack): Readonly<Record<string, string>> {
  const window = `${Math.ceil(intervals.rateWindow)}s`;
  return { __rate_interval: window, __interval: `${Math.ceil(intervals.scrape)}s`, __range: '30m' };
}

async function metricNames(prometheus: Parameters<typeof query>[0]): Promise<ReadonlySet<string>> {
  return new Set(await prometheusData<readonly string[]>(prometheus, '/api/v1/label/__name__/values'));
}

async function ask(
  { subject, expr, whenEmpty }: PanelQuery,
  names: ReadonlySet<string>,
  evaluate: (expr: string) => Promise<readonly unknown[]>,
): Promise<Finding> {
  const result = await evaluate(expr).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  if (result instanceof Error) return { ok: false, subject, evidence: result.message };
  if (result.length > 0) return { ok: true, subject, evidence: `${result.length} series` };
  if (whenEmpty !== undefined)
    return { ok: true, subject, evidence: `nothing passes its comparison: the panel says "${whenEmpty}"` };
  return { ok: false, subject, evidence: `${reason(expr, names)}: ${expr}` };
}

/** Why a query gives nothing: a metric that does not exist, else matchers or a comparison that nothing passes. */
function reason(expr: string, names: ReadonlySet<string>): string {
  const used = [...expr.matchAll(/([a-zA-Z_:][a-zA-Z0-9_:]*)\s*\{/g)].map((match) => match[1] ?? '');
  const absent = [...new Set(used)].filter((name) => !names.has(name));
  return absent.length > 0
    ? `no such metric: ${absent.join(', ')}`
    : 'the metrics exist, but no series passes the matchers';
}
