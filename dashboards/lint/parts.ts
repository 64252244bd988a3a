import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import type { Dashboard, Panel } from '../types.ts';

export type Target = ReturnType<DataqueryBuilder['build']>;

/** A named check of one dashboard: what is wrong, in sentences. */
export interface Rule {
  readonly name: string;
  readonly check: (dashboard: Dashboard) => readonly string[];
}

/** A rule that looks at each panel that draws something. */
export function panelRule(
  name: string,
  wrong: (panel: Panel, dashboard: Dashboard) => readonly (string | false)[],
): Rule {
  return {
    name,
    check: (dashboard) =>
      panelsOf(dashboard).flatMap((panel) =>
        wrong(panel, dashboard)
          .filter((text) => text !== false)
          .map((text) => `panel "${panel.title}": ${text}`),
      ),
  };
}

/** A rule that looks at each query of each panel. */
export function queryRule(
  name: string,
  wrong: (target: Target, dashboard: Dashboard) => readonly (string | false)[],
): Rule {
  return panelRule(name, (panel, dashboard) => targetsOf(panel).flatMap((target) => wrong(target, dashboard)));
}

export function panelsOf(dashboard: Dashboard): readonly Panel[] {
  return (dashboard.panels ?? []).filter((panel): panel is Panel => panel.type !== 'row');
}

export function targetsOf(panel: Panel): readonly Target[] {
  return (panel.targets ?? []) as Target[];
}

export function variablesOf(dashboard: Dashboard) {
  return dashboard.templating.list ?? [];
}

/** The PromQL of a variable: `label_values(<selector>, <label>)`. */
export function variableQuery(query: unknown): {
  readonly text: string;
  readonly selector: string;
  readonly label: string;
} {
  const text = typeof query === 'string' ? query : String((query as { query?: unknown } | undefined)?.query ?? '');
  const [, selector = '', label = ''] = /^label_values\((.+),\s*(\w+)\)$/.exec(text) ?? [];
  return { text, selector, label };
}
