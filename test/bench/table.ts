import type { Result } from './measure.ts';

const headings = ['work', 'here', 'budget', '', 'baseline', 'ratio'];

/** The results as a table in Markdown, columns aligned for a terminal too. */
export function table(results: readonly Result[]): string {
  const rows = results.map(({ work, value, unit, baseline, budget }) => [
    work,
    `${figure(value)} ${unit}`,
    budget === null ? '' : `${budget} ${unit}`,
    budget === null ? '' : value <= budget ? 'met' : 'MISSED',
    baseline === null ? '' : `${figure(baseline.value)} ${unit} (${baseline.name})`,
    baseline === null ? '' : `${figure(baseline.value / value)}x`,
  ]);
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0), 3));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(headings), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
