import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Dashboard, Panel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Threshold, Topic } from '../rules/types.ts';
import type { Stack } from '../stack/types.ts';

export type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';

/** One dashboard as its file declares it: a table of contents. */
export interface DashboardSource {
  /** Stable for ever: links and bookmarks name it. At most 40 of `[a-zA-Z0-9_-]`. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  /** Time shown on opening, in production, e.g. `now-6h`. */
  readonly from: string;
  readonly variables: (stack: Stack) => readonly Builder<VariableModel>[];
  readonly rows: readonly Row[];
  /** Undefined when it has data on this stack; else why it cannot. */
  readonly impossible?: (stack: Stack) => string | undefined;
}

/** Panels under one heading, laid out left to right. */
export interface Row {
  readonly title: string;
  readonly panels: readonly PanelSource[];
  readonly impossible?: (stack: Stack) => string | undefined;
}

/** Undefined: this stack can have no data for the panel, and it is left out. */
export type PanelSource = (context: PanelContext) => Builder<Panel> | undefined;

export interface PanelContext {
  readonly stack: Stack;
  /** The threshold of an alert that is in force on this stack; throws for an alert that has none. */
  readonly limit: (alert: string) => Threshold;
  /** Labels that name what an alert is about, of all alerts that there can be. */
  readonly objects: readonly string[];
}

/** What the folder of an environment adds to ours. */
export interface Own {
  readonly dashboards: readonly DashboardSource[];
  readonly topics: readonly Topic[];
}

export interface DashboardSet {
  readonly dashboards: readonly Dashboard[];
  readonly skipped: readonly Skipped[];
}

/** What was left out of this stack's dashboards and why; `row` is null for a whole dashboard. */
export interface Skipped {
  readonly dashboard: string;
  readonly row: string | null;
  readonly reason: string;
}
