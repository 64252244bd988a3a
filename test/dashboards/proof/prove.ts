import { formatDuration, parseDuration } from '../../../common/durations.ts';
import { panelsOf, type Target, targetsOf, variableQuery, variablesOf } from '../../../dashboards/lint/parts.ts';
import { analyse, substitute, type Values } from '../../../dashboards/lint/promql.ts';
import type { Dashboard, Panel } from '../../../dashboards/types.ts';
import type { Answer, PrometheusApi, Span } from './api.ts';
import { implausible } from './plausible.ts';

/** Where a proof is made: a Prometheus, and the time that the dashboards show of it. */
export interface Ground {
  readonly api: PrometheusApi;
  readonly span: Span;
  /** Seconds between two scrapes. */
  readonly scrape: number;
}

/**
 * Asks every query of every variable and panel as Grafana would, and says in sentences which gave nothing, which gave values
 * that their unit cannot have, and which series would have no name.
 */
export async function prove(dashboard: Dashboard, ground: Ground): Promise<readonly string[]> {
  const variables = await proveVariables(dashboard, ground);
  const panels = await Promise.all(panelsOf(dashboard).map((panel) => provePanel(panel, variables.values, ground)));
  return [...variables.findings, ...panels.flat()].map((finding) => `${dashboard.uid}: ${finding}`);
}

async function proveVariables(dashboard: Dashboard, { api, span }: Ground) {
  const findings: string[] = [];
  const values: Record<string, string> = {};
  for (const { name, query, current, multi, allValue } of variablesOf(dashboard).filter((v) => v.type === 'query')) {
    const { selector, label } = variableQuery(query);
    const found = await api.labelValues(label, substitute(selector, values), span);
    const first = String(current?.value ?? '');
    if (found.length === 0) findings.push(`variable ${name} finds no value`);
    if (multi !== true && !found.includes(first))
      findings.push(`variable ${name} begins with "${first}", which is not there`);
    values[name] = multi === true ? (allValue ?? '') : first;
  }
  return { findings, values };
}

/** What Prometheus answers, or why it refuses. */
async function ask(target: Target, expr: string, { api, span }: Ground): Promise<readonly Answer[] | string> {
  const answers = target.instant ? api.instant(expr, span.to) : api.range(expr, span);
  return answers.catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
}

async function provePanel(panel: Panel, variables: Values, ground: Ground): Promise<readonly string[]> {
  const all = { ...variables, ...windows(panel, ground) };
  const labels = new Set<string>();
  const findings = targetsOf(panel).map(async (target) => {
    const expr = substitute(target.expr, all);
    const answers = await ask(target, expr, ground);
    if (typeof answers === 'string') return [`panel "${panel.title}", query ${target.refId}: ${answers}`];
    const unit = unitOf(panel, target);
    for (const { metric } of answers) for (const label of Object.keys(metric)) labels.add(label);
    return [
      ...(answers.length === 0 ? ['gives nothing'] : []),
      ...(await emptySelectors(expr, ground)),
      ...answers.flatMap((answer) => unbelievable(answer, unit, panel, ground)).slice(0, 3),
      ...answers.flatMap((answer) => nameless(answer, target)).slice(0, 3),
    ].map((finding) => `panel "${panel.title}", query ${target.refId}: ${finding}: ${expr}`);
  });
  const queries = (await Promise.all(findings)).flat();
  const missing = labelColumns(panel).filter((label) => !labels.has(label));
  return [
    ...queries,
    ...missing.map((label) => `panel "${panel.title}": no series has the label ${label} of a column`),
  ];
}

/** Labels that a table shows as columns. */
function labelColumns({ transformations = [] }: Panel): readonly string[] {
  const organize = transformations.find(({ id }) => id === 'organize')?.options as
    | { renameByName?: object }
    | undefined;
  return Object.keys(organize?.renameByName ?? {}).filter((field) => !field.startsWith('Value'));
}

/**
 * Grafana's own variables for that time. `$__rate_interval` is the larger of four scrapes and of one scrape more than the step
 * (Grafana documentation, "Prometheus template variables").
 */
function windows(panel: Panel, { span, scrape }: Ground): Values {
  const step = Math.max(span.step, parseDuration(panel.interval ?? '') ?? 0);
  return {
    __rate_interval: formatDuration(Math.max(step + scrape, 4 * scrape)),
    __range: formatDuration(Math.round(span.to - span.from)),
  };
}

/** Selectors that find no series at all: `count(typo) or vector(0)` gives something, and is wrong. */
async function emptySelectors(expr: string, { api, span }: Ground): Promise<readonly string[]> {
  const selectors = analyse(expr).selectors.map(({ text }) => text);
  const counts = await Promise.all(selectors.map((selector) => api.series(selector, span)));
  return selectors.filter((_, index) => counts[index] === 0).map((selector) => `${selector} finds no series`);
}

function unbelievable({ samples }: Answer, unit: string, { title = '' }: Panel, { span }: Ground): readonly string[] {
  const wrong = samples.map(([, value]) => implausible(value, unit, title, span.to)).find((text) => text !== undefined);
  return wrong === undefined ? [] : [wrong];
}

/** A legend that names a label which the series lacks would show an empty name. */
function nameless({ metric }: Answer, { legendFormat = '' }: Target): readonly string[] {
  return [...legendFormat.matchAll(/\{\{\s*(\w+)\s*\}\}/g)]
    .filter(([, label = '']) => !metric[label])
    .map(([, label]) => `the legend uses the label ${label}, which the series does not have`);
}

/** Of a table the unit of the query's column, else of the panel. */
function unitOf({ type, fieldConfig, targets = [] }: Panel, target: Target): string {
  const column = fieldConfig?.overrides[targets.indexOf(target)]?.properties.find(({ id }) => id === 'unit');
  return String((type === 'table' ? column?.value : undefined) ?? fieldConfig?.defaults.unit);
}
