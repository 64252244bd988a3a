import { unitOf } from '../metrics/family.ts';
import type { Sample } from '../model/sample.ts';

/**
 * The two text formats: Prometheus 0.0.4 and OpenMetrics 1.0. They differ in headers and in the end; sample lines are the same.
 * Sources: "Exposition formats" of the Prometheus documentation; OpenMetrics 1.0, "Text format".
 */
export type Format = 'text' | 'openmetrics';
export const formats: readonly Format[] = ['text', 'openmetrics'];

export const contentTypes: Readonly<Record<Format, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

export const endings: Readonly<Record<Format, string>> = { text: '', openmetrics: '# EOF\n' };

/** What a family's header says; `type` is any type of the formats. */
export interface Header {
  readonly name: string;
  readonly help: string;
  readonly type: string;
}

export function headerText(header: Header, format: Format): string {
  return format === 'text' ? textHeader(header) : openMetricsHeader(header);
}

function textHeader({ name, help, type }: Header): string {
  const text = help.replaceAll(/[\\\n]/g, (character) => (character === '\n' ? '\\n' : '\\\\'));
  return `# HELP ${name} ${text}\n# TYPE ${name} ${type}\n`;
}

/** The name of a family there leaves out `_total` of counters and `_info`; a unit must end the name. */
function openMetricsHeader({ name, help, type }: Header): string {
  const info = type === 'gauge' && name.endsWith('_info');
  const family = info ? name.slice(0, -'_info'.length) : type === 'counter' ? name.replace(/_total$/, '') : name;
  const unit = unitOf(family);
  const unitLine = unit === undefined ? '' : `# UNIT ${family} ${unit}\n`;
  return `# TYPE ${family} ${info ? 'info' : type}\n${unitLine}# HELP ${family} ${escapeText(help)}\n`;
}

/** A sample's line; labels stand in the order of its family. */
export function sampleLine({ family, labels, value }: Sample): string {
  return lineText(
    family.name,
    family.labels.map((label) => [label, labels[label] ?? '']),
    value,
  );
}

export function lineText(name: string, labels: readonly (readonly [string, string])[], value: number): string {
  const pairs = labels.map(([label, text]) => `${label}="${escapeText(text)}"`).join(',');
  return `${name}${pairs === '' ? '' : `{${pairs}}`} ${formatValue(value)}\n`;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

function escapeText(text: string): string {
  return /[\\"\n]/.test(text) ? text.replaceAll(/[\\"\n]/g, (character) => escapes[character] ?? '') : text;
}

/** As Go's ParseFloat reads it. */
function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}
