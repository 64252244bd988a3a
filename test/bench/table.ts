import { type Baseline, isMet, median, type Result, type Target } from './result.ts';

const headings = ['work', 'target', 'measured', 'lowest to highest', '', 'baseline', 'baseline / measured'];

/** The results as a table in Markdown, columns aligned for a terminal too. */
export function table(results: readonly Result[]): string {
  const all = [headings, ...results.map(cells)];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0), 3));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...rows] = all;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function cells(result: Result): readonly string[] {
  const { work, unit, values, baselines, target } = result;
  return [
    work,
    target === null ? '' : targetText(target, unit),
    `${figure(median(values))} ${unit}`,
    spread(values),
    target === null ? '' : isMet(result) ? 'met' : 'MISSED',
    baselines.map((baseline) => `${figure(median(baseline.values))} ${unit} (${baseline.name})`).join(', '),
    baselines.map((baseline) => ratio(baseline, values)).join(', '),
  ];
}

function targetText({ kind, value }: Target, unit: string): string {
  if (kind === 'timesBaseline') return `${value} x baseline`;
  return kind === 'exactly' ? `${value} ${unit}` : `<= ${value} ${unit}`;
}

function spread(values: readonly number[]): string {
  return values.length < 2 ? '' : `${figure(Math.min(...values))} to ${figure(Math.max(...values))}`;
}

function ratio(baseline: Baseline, values: readonly number[]): string {
  return `${figure(median(baseline.values) / median(values))}x`;
}

function figure(value: number): string {
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(3);
}
