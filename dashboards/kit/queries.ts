import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';

/** The expression over the time shown. `legend` may use `{{label}}` for labels that the expression keeps. */
export function over(expr: string, legend: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(expr).legendFormat(legend).range();
}

/** The expression at the end of the time shown. */
export function now(expr: string, legend: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(expr).legendFormat(legend).instant();
}

/** The same as rows of a table: one column for each label, one for the value. */
export function rows(expr: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(expr).format(PromQueryFormat.Table).instant();
}
