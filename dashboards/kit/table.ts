import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import {
  type DynamicConfigValue,
  type Panel,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { dress, type Look } from './panels.ts';
import { rows } from './queries.ts';
import { refId } from './refs.ts';
import type { Steps } from './thresholds.ts';

/** A column of values: an expression that keeps exactly the table's labels. */
export interface Column {
  readonly name: string;
  readonly expr: string;
  readonly unit: string;
  readonly decimals?: number;
  /** Colour the text, as mappings do. */
  readonly steps?: Steps;
  readonly mappings?: readonly ValueMapping[];
}

export interface TableSource {
  /** Heading by label, in the order shown; the values of all columns are joined on these labels. */
  readonly labels: Readonly<Record<string, string>>;
  readonly columns: readonly Column[];
  /** Heading of the column by which the rows are sorted at first. */
  readonly sortBy: string;
  readonly descending?: boolean;
}

/** One row for each set of labels, one column for each expression. */
export function table(
  title: string,
  description: string,
  look: Pick<Look, 'noValue' | 'size'>,
  source: TableSource,
): Builder<Panel> {
  const queries = source.columns.map(({ expr }) => rows(expr));
  const builder = dress(new PanelBuilder(), title, description, { size: [24, 8], ...look, unit: 'none' }, queries);
  for (const column of source.columns) builder.overrideByName(column.name, properties(column));
  return builder
    .sortBy([new TableSortByFieldStateBuilder().displayName(source.sortBy).desc(source.descending ?? false)])
    .transformations([
      { id: 'merge', options: {} },
      { id: 'organize', options: organize(source) },
    ]);
}

function properties({ unit, decimals, steps, mappings }: Column): DynamicConfigValue[] {
  const properties: DynamicConfigValue[] = [{ id: 'unit', value: unit }];
  if (decimals !== undefined) properties.push({ id: 'decimals', value: decimals });
  if (mappings !== undefined) properties.push({ id: 'mappings', value: mappings });
  if (steps !== undefined) properties.push({ id: 'thresholds', value: { mode: ThresholdsMode.Absolute, steps } });
  if (steps ?? mappings) properties.push({ id: 'custom.cellOptions', value: { type: 'color-text' } });
  return properties;
}

/** Headings and order of the merged fields; the time of the query is left out. */
function organize({ labels, columns }: TableSource) {
  const fields = [...Object.keys(labels), ...columns.map((_, index) => valueField(index, columns.length))];
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries(fields.map((field, index) => [field, index])),
    renameByName: {
      ...labels,
      ...Object.fromEntries(columns.map(({ name }, index) => [valueField(index, columns.length), name])),
    },
  };
}

/** Grafana's name of a query's value in a table: it carries the refId only beside others. */
function valueField(index: number, all: number): string {
  return all === 1 ? 'Value' : `Value #${refId(index)}`;
}
