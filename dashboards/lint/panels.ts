import * as units from '@grafana/grafana-foundation-sdk/units';
import type { Panel } from '../types.ts';
import { panelRule, type Rule, targetsOf } from './parts.ts';

const known = new Set<unknown>(Object.values(units));

/** D3: a panel that explains itself, whatever it shows. */
export const panelRules: readonly Rule[] = [
  panelRule('a panel has a title and a description', ({ title, description }) => [
    !title && 'has no title',
    !description && 'has no description',
  ]),
  panelRule('a panel asks something', (panel) => [targetsOf(panel).length === 0 && 'has no query']),
  panelRule('every value has a unit that Grafana knows', (panel) =>
    unitsOf(panel).map((unit) => !known.has(unit) && `has the unit ${unit}`),
  ),
  panelRule('a panel says what the absence of data means', ({ fieldConfig }) => [
    !fieldConfig?.defaults.noValue && 'has no noValue',
  ]),
  panelRule('every series has a name of its own, every column a heading', (panel) =>
    panel.type === 'table'
      ? [headings(panel).length < targetsOf(panel).length && 'has a column without a heading']
      : targetsOf(panel).map(({ refId, legendFormat }) => !legendFormat && `query ${refId} has no legend`),
  ),
  panelRule('lines have a legend', ({ type, options }) => [
    type === 'timeseries' && options?.legend?.showLegend !== true && 'hides its legend',
  ]),
];

function unitsOf({ type, fieldConfig }: Panel): readonly unknown[] {
  const columns = (fieldConfig?.overrides ?? []).map(
    ({ properties }) => properties.find(({ id }) => id === 'unit')?.value as unknown,
  );
  return type === 'table' ? columns : [fieldConfig?.defaults.unit, ...columns];
}

function headings({ fieldConfig }: Panel): readonly unknown[] {
  return (fieldConfig?.overrides ?? []).filter(({ matcher }) => matcher.id === 'byName');
}
