import {
  type DashboardLink,
  DashboardLinkBuilder,
  DashboardLinkType,
  type Panel,
  type RowPanel,
  type VariableModel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { grafanaUid, type Stack } from '../../stack/types.ts';
import type { Dashboard, DashboardSource, PanelContext, Row } from '../types.ts';
import { plain } from './json.ts';
import { bottom, columns, pack } from './layout.ts';
import { refId } from './refs.ts';
import { datasource, datasourceVariable, namespaceVariable } from './variables.ts';

/** On every dashboard of Lookout; their links to each other find them by it. */
export const tag = 'lookout';

/**
 * The one pass that every dashboard goes through. Panels get their places, ids, refIds, datasource, legends and tooltips;
 * the dashboard gets its variables, links, time zone, range and refresh. What the SDK sets that Grafana takes amiss is
 * removed (`placement` hides links in a menu: grafana/grafana-foundation-sdk#1202).
 */
export function finish(source: DashboardSource, rows: readonly Row[], context: PanelContext): Dashboard {
  const { stack } = context;
  return {
    uid: grafanaUid(stack, source.uid),
    title: source.title,
    description: source.description,
    tags: tags(stack),
    editable: false,
    graphTooltip: 1,
    timezone: stack.timezone === 'UTC' ? 'utc' : stack.timezone,
    time: { from: stack.pace === 1 ? source.from : 'now-30m', to: 'now' },
    refresh: stack.pace === 1 ? '1m' : '5s',
    schemaVersion: 42,
    links: [siblings(stack)],
    templating: { list: variables(source, stack) },
    annotations: { list: [] },
    panels: panels(rows, context),
  };
}

/** In a Grafana of others the links lead to dashboards of the same stack. */
function tags({ name, cluster }: Stack): string[] {
  return cluster?.flavour === 'operator' ? [tag, name] : [tag];
}

function siblings(stack: Stack): DashboardLink {
  const link = new DashboardLinkBuilder('Lookout')
    .type(DashboardLinkType.Dashboards)
    .tags(tags(stack))
    .keepTime(true)
    .includeVars(true)
    .build();
  const { placement: _hidden, ...shown } = plain(link);
  return shown;
}

function variables(source: DashboardSource, stack: Stack): VariableModel[] {
  const queries = [namespaceVariable(stack.namespace), ...source.variables(stack)].map((builder) => ({
    ...plain(builder.build()),
    datasource,
  }));
  return [plain(datasourceVariable(stack).build()), ...queries].map(withoutIntervals);
}

/** The SDK writes the settings of an interval variable into variables of every kind. */
function withoutIntervals(variable: VariableModel): VariableModel {
  const { auto: _auto, auto_min: _min, auto_count: _count, ...rest } = variable;
  return rest;
}

function panels(rows: readonly Row[], context: PanelContext): (Panel | RowPanel)[] {
  const all: (Panel | RowPanel)[] = [];
  let top = 0;
  for (const row of rows) {
    const heading = { type: 'row' as const, title: row.title, collapsed: false, panels: [] };
    const built = row.panels.flatMap((panel) => plain(panel(context)?.build() ?? []));
    const places = pack(
      built.map((panel) => size(panel)),
      top + 1,
    );
    all.push({ ...heading, id: all.length + 1, gridPos: { x: 0, y: top, w: columns, h: 1 } });
    for (const [index, panel] of built.entries())
      all.push({ ...dressed(panel), id: all.length + 1, ...placeOf(places[index]) });
    top = bottom(places, top + 1);
  }
  return all;
}

function size({ title, gridPos }: Panel) {
  if (gridPos === undefined) throw new Error(`panel "${title}" has no size: give its builder a span and a height`);
  return gridPos;
}

function placeOf(gridPos: Panel['gridPos']): Pick<Panel, 'gridPos'> {
  return gridPos === undefined ? {} : { gridPos };
}

/** A panel's queries and drawing as Grafana's own editor would have made them. */
function dressed(panel: Panel): Panel {
  const { repeatDirection: _direction, transparent: _transparent, ...rest } = panel;
  return {
    ...rest,
    datasource,
    targets: (panel.targets ?? []).map((target, index) => ({ ...target, datasource, refId: refId(index) })),
    options: { ...panel.options, ...legend(panel.type), ...tooltip(panel.type) },
  };
}

/** Lines need names; the bands and bars of the others carry theirs. */
function legend(type: string) {
  if (type === 'timeseries')
    return { legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] } };
  if (type === 'state-timeline')
    return { legend: { showLegend: false, displayMode: 'list', placement: 'bottom', calcs: [] } };
  return {};
}

function tooltip(type: string) {
  return type === 'timeseries' ? { tooltip: { mode: 'multi', sort: 'desc' } } : {};
}
