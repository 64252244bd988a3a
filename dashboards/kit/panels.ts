import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  VisibilityMode,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { Short } from '@grafana/grafana-foundation-sdk/units';
import { wordForZero } from './mappings.ts';
import { now } from './queries.ts';
import { neutral, noneAllowed, type Steps, type ThresholdsBuilder, thresholds } from './thresholds.ts';

/** How a panel shows its values. */
export interface Look {
  /** A constant of the SDK's `units`. */
  readonly unit: string;
  /** Shown in place of a missing value: what its absence means. */
  readonly noValue: string;
  /** Columns and lines. */
  readonly size?: readonly [w: number, h: number];
  readonly steps?: Steps;
  readonly mappings?: readonly ValueMapping[];
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  /** Shortest step, as a Prometheus duration: `$__rate_interval` is longer than it. */
  readonly interval?: string;
}

/** What all of the SDK's panel builders have in common. */
interface PanelBuilder extends Builder<Panel> {
  title(text: string): this;
  description(text: string): this;
  unit(unit: string): this;
  noValue(text: string): this;
  span(w: number): this;
  height(h: number): this;
  thresholds(steps: ThresholdsBuilder): this;
  mappings(mappings: ValueMapping[]): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  interval(step: string): this;
  withTarget(target: DataqueryBuilder): this;
}

/**
 * One figure, large; its background turns with the thresholds. The description of a panel says what the figure means and what
 * to do about a bad one; Grafana shows it beside the title.
 */
export function stat(title: string, description: string, look: Look, query: DataqueryBuilder): Builder<Panel> {
  return dress(new StatBuilder(), title, description, { size: [4, 4], ...look }, [query])
    .colorMode(BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .reduceOptions(lastValue());
}

/**
 * How many things are in a bad state; `none` when there are none. `bad` is 1 for each of them and 0 for each good one, so that
 * silence is never taken for good: without either the panel shows `noValue`.
 */
export function problems(
  title: string,
  description: string,
  noValue: string,
  bad: string,
  more: Pick<Look, 'size' | 'interval'> = {},
): Builder<Panel> {
  const look = { unit: Short, noValue, steps: noneAllowed, mappings: wordForZero('none') };
  return stat(title, description, { ...look, ...more }, now(`sum(${bad})`, title));
}

/** Lines over time; thresholds, when given, are drawn as dashed lines. */
export function graph(title: string, description: string, look: Look, ...queries: DataqueryBuilder[]): Builder<Panel> {
  return lines(title, description, look, queries);
}

/** Lines over time that add up. */
export function stacked(
  title: string,
  description: string,
  look: Look,
  ...queries: DataqueryBuilder[]
): Builder<Panel> {
  return lines(title, description, look, queries)
    .fillOpacity(30)
    .stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
}

/** One horizontal bar for each series, its last value. */
export function bars(title: string, description: string, look: Look, ...queries: DataqueryBuilder[]): Builder<Panel> {
  return dress(new BarGaugeBuilder(), title, description, { size: [12, 8], ...look }, queries)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(VizOrientation.Horizontal)
    .reduceOptions(lastValue());
}

/** One band for each series, coloured by state over time. */
export function states(title: string, description: string, look: Look, ...queries: DataqueryBuilder[]): Builder<Panel> {
  return dress(new StateTimelineBuilder(), title, description, { size: [12, 8], ...look }, queries)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .showValue(VisibilityMode.Never)
    .mergeValues(true);
}

function lines(title: string, description: string, look: Look, queries: readonly DataqueryBuilder[]) {
  const builder = dress(new TimeSeriesBuilder(), title, description, { size: [12, 8], ...look }, queries)
    .lineWidth(2)
    .fillOpacity(8)
    .showPoints(VisibilityMode.Never);
  return look.steps === undefined
    ? builder
    : builder.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

/** Gives a builder its words, its look and its queries. */
export function dress<B extends PanelBuilder>(
  builder: B,
  title: string,
  description: string,
  look: Look & Required<Pick<Look, 'size'>>,
  queries: readonly DataqueryBuilder[],
): B {
  const [w, h] = look.size;
  builder.title(title).description(description).unit(look.unit).noValue(look.noValue).span(w).height(h);
  builder.thresholds(thresholds(look.steps ?? neutral)).mappings([...(look.mappings ?? [])]);
  if (look.decimals !== undefined) builder.decimals(look.decimals);
  if (look.min !== undefined) builder.min(look.min);
  if (look.max !== undefined) builder.max(look.max);
  if (look.interval !== undefined) builder.interval(look.interval);
  for (const query of queries) builder.withTarget(query);
  return builder;
}

function lastValue(): ReduceDataOptionsBuilder {
  return new ReduceDataOptionsBuilder().calcs(['lastNotNull']);
}
