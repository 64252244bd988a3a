import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import { refId } from '../kit/refs.ts';
import type { Dashboard } from '../types.ts';
import { panelRule, panelsOf, type Rule, targetsOf } from './parts.ts';

/** D6: everything in its place, and not too much of it. */
export const layoutRules: readonly Rule[] = [
  {
    name: 'ids are unique and not 0',
    check: (dashboard) => {
      const ids = (dashboard.panels ?? []).map(({ id }) => id ?? 0);
      return new Set(ids).size === ids.length && !ids.includes(0) ? [] : [`the ids are ${ids.join(' ')}`];
    },
  },
  panelRule('queries are named A, B, C and so on', (panel) =>
    targetsOf(panel).map((target, index) => target.refId !== refId(index) && `query ${index} is named ${target.refId}`),
  ),
  {
    name: 'nothing is wider than the grid',
    check: (dashboard) =>
      boxes(dashboard)
        .filter(({ at: { x, w, h } }) => x < 0 || x + w > 24 || w < 1 || h < 1)
        .map(({ title }) => `"${title}" leaves the grid`),
  },
  {
    name: 'nothing lies on anything else',
    check: (dashboard) => {
      const all = boxes(dashboard);
      return all.flatMap((one, index) =>
        all
          .slice(index + 1)
          .flatMap((other) => (overlap(one.at, other.at) ? [`"${one.title}" lies on "${other.title}"`] : [])),
      );
    },
  },
  {
    name: 'it begins with a row, and rows go down the page',
    check: (dashboard) => {
      const rows = (dashboard.panels ?? []).filter(({ type }) => type === 'row').map(({ gridPos }) => gridPos?.y ?? -1);
      const ordered = rows.every((y, index) => y > (rows[index - 1] ?? -1));
      return dashboard.panels?.[0]?.type === 'row' && rows[0] === 0 && ordered ? [] : ['its rows are out of order'];
    },
  },
  {
    name: 'titles are unique, so that an alert can name its panel',
    check: (dashboard) => {
      const titles = panelsOf(dashboard).map(({ title }) => title);
      return titles
        .filter((title, index) => titles.indexOf(title) !== index)
        .map((title) => `two panels are "${title}"`);
    },
  },
  {
    name: 'there are not too many panels and queries',
    check: (dashboard) => {
      const panels = panelsOf(dashboard);
      const queries = panels.flatMap(targetsOf).length;
      return panels.length <= 24 && queries <= 48 ? [] : [`it has ${panels.length} panels and ${queries} queries`];
    },
  },
];

function boxes(dashboard: Dashboard) {
  return (dashboard.panels ?? []).map(({ title, gridPos }) => ({
    title,
    at: gridPos ?? { x: -1, y: -1, w: 0, h: 0 },
  }));
}

function overlap(one: GridPos, other: GridPos): boolean {
  return one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;
}
