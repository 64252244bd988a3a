/** One query of a built dashboard, ready to be asked. */
export interface PanelQuery {
  /** `panel Backups / Age` or `variable Backups / backup`. */
  readonly subject: string;
  /** PromQL without Grafana's variables. */
  readonly expr: string;
  /** What the panel says when its comparison lets nothing pass, such as `none`; undefined: it must never be empty. */
  readonly whenEmpty: string | undefined;
}

interface DashboardJson {
  readonly title: string;
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly panels: readonly PanelJson[];
}

interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly allValue?: string;
  readonly current?: { readonly value?: string | readonly string[] };
  readonly query?: string | { readonly query: string };
}

interface PanelJson {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
  readonly fieldConfig?: { readonly defaults?: { readonly noValue?: string } };
  readonly panels?: readonly PanelJson[];
}

/**
 * Every query of a dashboard in Grafana's v1 JSON, with the dashboard's variables as they stand when it is opened and
 * `builtIn` (`__rate_interval` ...) put in. A variable's `label_values(selector, label)` is asked by its selector.
 */
export function panelQueries(json: string, builtIn: Readonly<Record<string, string>>): readonly PanelQuery[] {
  const { title, templating, panels } = JSON.parse(json) as DashboardJson;
  const values = {
    ...builtIn,
    ...Object.fromEntries(templating.list.map((variable) => [variable.name, opening(variable)])),
  };
  const asked = allPanels(panels).flatMap((panel) =>
    (panel.targets ?? []).map(({ expr }) => ({
      subject: `panel ${title} / ${panel.title}`,
      expr: substitute(expr, values),
      whenEmpty: compares(expr) ? panel.fieldConfig?.defaults?.noValue : undefined,
    })),
  );
  const variables = templating.list
    .filter(({ type }) => type === 'query')
    .map((variable) => ({
      subject: `variable ${title} / ${variable.name}`,
      expr: substitute(selector(variable), values),
      whenEmpty: undefined,
    }));
  return [...variables, ...asked];
}

/** Whether the last thing that a query does is to let pass what is above or below a number. */
function compares(expr: string): boolean {
  return /[<>]=?\s*[\d.]+\s*\)*$/.test(expr);
}

/** Puts values for `$name`, `${name}` and `${name:format}`; a name without a value stays as it is. */
export function substitute(expr: string, values: Readonly<Record<string, string>>): string {
  return expr.replaceAll(
    /\$\{(\w+)(?::\w+)?\}|\$(\w+)/g,
    (found, braced: string | undefined, bare: string | undefined) => {
      const name = braced ?? bare ?? '';
      return values[name] ?? found;
    },
  );
}

function opening({ current, allValue }: VariableJson): string {
  const chosen = [current?.value ?? ''].flat();
  return chosen.includes('$__all') ? (allValue ?? '.*') : chosen.join('|');
}

function selector({ query }: VariableJson): string {
  const text = typeof query === 'string' ? query : (query?.query ?? '');
  const match = /^label_values\((.+),\s*\w+\)$/s.exec(text);
  return match?.[1] ?? text;
}

function allPanels(panels: readonly PanelJson[]): readonly PanelJson[] {
  return panels.flatMap((panel) => [panel, ...allPanels(panel.panels ?? [])]);
}
