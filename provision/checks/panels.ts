import type { OutputFile, Stack } from '../../stack/types.ts';
import type { Check, Finding } from './check.ts';
import { type PanelQuery, panelQueries } from './queries.ts';
import { type Series, seriesOf } from './series.ts';
import { query, type Service } from './service.ts';

export const panelsHaveData: Check = {
  name: 'panels-have-data',
  title: 'every query of every panel and variable returns data',
  asks: ['prometheus'],
  run: async ({ stack, outputs, prometheus }) => {
    const series = seriesOf(prometheus);
    const strict = stack.platform === 'local';
    const queries = dashboardFiles(outputs).flatMap((file) => panelQueries(file.content, variables(stack)));
    return Promise.all(queries.map((asked) => ask(asked, { prometheus, series, strict })));
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

interface Asking {
  readonly prometheus: Service;
  readonly series: Series;
  /** Whether what gives nothing although its series are there has failed: so it is where everything happens all the time. */
  readonly strict: boolean;
}

async function ask({ subject, expr, whenEmpty }: PanelQuery, { prometheus, series, strict }: Asking): Promise<Finding> {
  const result = await query(prometheus, expr).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  if (result instanceof Error) return { ok: false, subject, evidence: result.message };
  if (result.length > 0) return { ok: true, subject, evidence: `${result.length} series` };
  if (whenEmpty !== undefined)
    return { ok: true, subject, evidence: `nothing passes its comparison: the panel says "${whenEmpty}"` };
  const reason = await series.lacking(expr);
  if (reason !== undefined) return { ok: false, subject, evidence: `${reason}: ${expr}` };
  return { ok: !strict, remark: true, subject, evidence: `its series are there, but nothing passes now: ${expr}` };
}
