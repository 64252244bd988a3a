import type { Family } from '../../exporter/metrics/family.ts';

/** A matcher's right side: equal to this text, or a regular expression. */
export type Matcher = string | { readonly matches: string } | { readonly not: string };

/**
 * Selector of a metric in the namespace that the dashboard shows: `series(backupMetrics.age, { backup: backup.selected })` ->
 * `lookout_backup_age_seconds{namespace="$namespace",backup=~"$backup"}`. Of an exporter's family only its own labels are
 * accepted. Every selector of every dashboard is made here.
 */
export function series<Label extends string>(
  metric: Family<Label> | string,
  matchers?: Readonly<Partial<Record<Label, Matcher>>>,
): string {
  const name = typeof metric === 'string' ? metric : metric.name;
  const all = Object.entries<Matcher | undefined>({ namespace: '$namespace', ...matchers });
  return `${name}{${all.flatMap(([label, value]) => (value === undefined ? [] : [label + matcher(value)])).join(',')}}`;
}

function matcher(value: Matcher): string {
  if (typeof value === 'string') return `=${JSON.stringify(value)}`;
  return 'matches' in value ? `=~${JSON.stringify(value.matches)}` : `!=${JSON.stringify(value.not)}`;
}

/** Per-second rate of a counter over a window that suits the zoom and the scrape interval. */
export function rate(counter: string): string {
  return `rate(${counter}[$__rate_interval])`;
}

/** How much a counter rose over such a window. */
export function increase(counter: string): string {
  return `increase(${counter}[$__rate_interval])`;
}
