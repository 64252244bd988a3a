import type { Dashboard } from '../types.ts';
import { panelRule, queryRule, type Rule, targetsOf, variablesOf } from './parts.ts';
import { analyse, type Matcher, variablesIn, withWindows } from './promql.ts';

const windowed = new Set(['rate', 'irate', 'increase']);
const parsed = (expr: string) => analyse(withWindows(expr));

/** D4: PromQL that says what it means at every zoom and in every environment. */
export const queryRules: readonly Rule[] = [
  queryRule('a query is PromQL', ({ expr }) => parsed(expr).errors.map((error) => `is no PromQL ${error}`)),
  queryRule('a rate is taken over a window that suits the zoom', ({ expr }) =>
    analyse(withMarkedWindows(expr))
      .calls.filter(({ name }) => windowed.has(name))
      .map(({ text }) => !/\[(1111|2222)s\]/.test(text) && `takes ${text} over a fixed window`),
  ),
  queryRule('a counter is only read through its rate', ({ expr }) =>
    parsed(expr).selectors.map(
      ({ metric, within }) =>
        metric.endsWith('_total') && !within.some((name) => windowed.has(name)) && `reads the counter ${metric} itself`,
    ),
  ),
  queryRule('a quantile keeps le', ({ expr }) =>
    parsed(expr).calls.map(
      ({ name, text }) =>
        name === 'histogram_quantile' && !/by\s*\([^)]*\ble\b/.test(text) && 'has a quantile without le',
    ),
  ),
  queryRule('a regular expression is one', ({ expr }, dashboard) =>
    matchersOf(expr).map(
      ({ label, operator, value }) =>
        operator.endsWith('~') &&
        !/[.*+?|[\]()^]/.test(value) &&
        !several(dashboard, value) &&
        `matches ${label} with ${operator} and no pattern`,
    ),
  ),
  queryRule('a variable of several values is matched as a regular expression', ({ expr }, dashboard) =>
    matchersOf(expr).map(
      ({ label, operator, value }) =>
        !operator.endsWith('~') &&
        several(dashboard, value) &&
        `matches ${label} with ${operator} against several values`,
    ),
  ),
  panelRule('a single figure does not take silence for zero', (panel) =>
    targetsOf(panel).map(
      ({ expr }) => panel.type === 'stat' && /\bvector\s*\(/.test(expr) && 'shows a figure where nothing is known',
    ),
  ),
  queryRule('a query stays within the namespace', ({ expr }) =>
    parsed(expr).selectors.map(
      ({ metric, matchers }) =>
        !matchers.some(({ label, value }) => label === 'namespace' && value === '$namespace') &&
        `reads ${metric} of every namespace`,
    ),
  ),
];

function matchersOf(expr: string): readonly Matcher[] {
  return parsed(expr).selectors.flatMap(({ matchers }) => matchers);
}

function several(dashboard: Dashboard, value: string): boolean {
  const names = variablesIn(value);
  return variablesOf(dashboard).some(({ name, multi }) => multi === true && names.includes(name));
}

/** Windows that follow the zoom become durations that nobody would write. */
function withMarkedWindows(expr: string): string {
  return expr.replaceAll('$__rate_interval', '1111s').replaceAll('$__range', '2222s');
}
