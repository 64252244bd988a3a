import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';

/**
 * What a real Prometheus had scraped from named programs, thinned to one sample in each step. Made by
 * `test/dashboards/record/main.ts`; nothing in it was asked for by a dashboard, and nothing was calculated by a rule.
 */
export interface Recording {
  /** Name and version of each program whose metrics these are. */
  readonly programs: Readonly<Record<string, string>>;
  /** Unix seconds of the first and last sample. */
  readonly from: number;
  readonly to: number;
  /** Seconds between two samples of a series. */
  readonly step: number;
  readonly groups: readonly Group[];
}

/** Series that were sampled at the same times. */
export interface Group {
  /** Milliseconds after `from`. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** As Prometheus writes them: `NaN`, `+Inf` and `-Inf` are text. */
  readonly values: readonly string[];
}

export function readRecording(path: string): Recording {
  return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as Recording;
}

/** Gzip with neither name nor time in its header: the same recording, the same bytes. */
export function writeRecording(path: string, recording: Recording): void {
  writeFileSync(path, gzipSync(JSON.stringify(recording), { level: 9 }));
}

/**
 * The recording in OpenMetrics text with times, as `promtool tsdb create-blocks-from openmetrics` reads it. What has a label that
 * only Prometheus 3 can name, such as `otel.signal`, is left out.
 */
export function openMetrics({ from, groups }: Recording): string {
  const lines = groups.flatMap(({ times, series }) =>
    series.filter(isNamable).flatMap(({ labels, values }) => {
      const name = nameWithLabels(labels);
      return values.map((value, index) => `${name} ${value} ${(from * 1000 + (times[index] ?? 0)) / 1000}`);
    }),
  );
  return `${lines.join('\n')}\n# EOF\n`;
}

function isNamable({ labels }: Series): boolean {
  return Object.keys(labels).every((label) => /^[a-zA-Z_]\w*$/.test(label));
}

function nameWithLabels({ __name__: name = '', ...labels }: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${quoted(value)}`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}

function quoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
