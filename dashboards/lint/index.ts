import type { Dashboard } from '../types.ts';
import { dashboardRules } from './dashboard.ts';
import { datasourceRules } from './datasource.ts';
import { layoutRules } from './layout.ts';
import { panelRules } from './panels.ts';
import type { Rule } from './parts.ts';
import { queryRules } from './queries.ts';
import { thresholdRules } from './thresholds.ts';
import { variableRules } from './variables.ts';

export const lintRules: readonly Rule[] = [
  datasourceRules,
  variableRules,
  panelRules,
  queryRules,
  dashboardRules,
  layoutRules,
  thresholdRules,
].flat();

export function lint(dashboard: Dashboard): readonly string[] {
  return lintRules.flatMap(({ check }) => check(dashboard));
}
