/**
 * What dashboards are made of: `lookout/dashboards` for those of an environment, which are written as ours are. Units come from
 * `@grafana/grafana-foundation-sdk/units`.
 */
export type {
  Dashboard,
  DashboardSource,
  Panel,
  PanelContext,
  PanelSource,
  Row,
} from '../types.ts';
export * from './mappings.ts';
export * from './panels.ts';
export * from './queries.ts';
export * from './selectors.ts';
export * from './table.ts';
export * from './thresholds.ts';
export { oneOf, severalOf } from './variables.ts';
