import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { formatDuration } from '../../common/durations.ts';
import { ruleFileContent } from '../../rules/files.ts';
import type { InputSeries, Labels, RecordingRule, RenderedAlert } from '../../rules/types.ts';
import { jobs, type Stack } from '../../stack/types.ts';
import { run } from '../support/programs.ts';
import type { Case } from './cases.ts';

export interface Suite {
  readonly rules: readonly (RecordingRule | RenderedAlert)[];
  readonly tests: readonly object[];
}

/** A test of the same case under each of several names: an alert and its mutants. */
export function alertTest(stack: Stack, { title, series, at, fires }: Case, alerts: readonly RenderedAlert[]): object {
  return {
    name: title,
    interval: formatDuration(stack.intervals.scrape),
    input_series: series.map((one) => inputSeries(stack, one)),
    alert_rule_test: alerts.map(({ alert, labels }) => ({
      eval_time: formatDuration(at),
      alertname: alert,
      exp_alerts: fires.map((own) => ({ exp_labels: { namespace: stack.namespace, ...labels, ...own } })),
    })),
  };
}

/** As Prometheus stores it: with the labels of the target that it comes from. */
export function inputSeries(stack: Stack, { metric, labels, values }: InputSeries): object {
  const target = metric.startsWith('lookout_') ? { job: jobs.exporter, instance: stack.exporter.address } : {};
  const all = Object.entries({ namespace: stack.namespace, ...target, ...labels });
  return { series: `${metric}{${all.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}}`, values };
}

export function selector(name: string, labels: Labels): string {
  return `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',')}}`;
}

/** What promtool says of the suites, all in one run; empty when everything passes. The process tells the time in UTC. */
export function testRules(promtool: string, stack: Stack, suites: readonly Suite[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'lookout-rules-'));
  try {
    const files = suites.map((suite, index) => writeSuite(directory, `${index}`, stack, suite));
    run('env', ['TZ=UTC', promtool, 'test', 'rules', ...files]);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function writeSuite(directory: string, name: string, stack: Stack, { rules, tests }: Suite): string {
  const interval = stack.intervals.evaluation;
  writeFileSync(join(directory, `${name}.rules.yml`), ruleFileContent([{ name: 'suite', interval, rules }]));
  const file = join(directory, `${name}.test.yml`);
  const document = { rule_files: [`${name}.rules.yml`], evaluation_interval: formatDuration(interval), tests };
  writeFileSync(file, stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }));
  return file;
}

/** Names of the alerts, or expressions of the queries, whose tests failed. */
export function failures(output: string): ReadonlySet<string> {
  return new Set([
    ...[...output.matchAll(/alertname: ?(\S+), time:/g)].map(([, name]) => name ?? ''),
    ...[...output.matchAll(/expr: "((?:[^"\\]|\\.)*)", time:/g)].map(([, expr]) => JSON.parse(`"${expr}"`) as string),
  ]);
}

/** The annotations of alerts that fired where promtool expected none, by alert name, in the order of its report. */
export function firedInstead(output: string): readonly { readonly alert: string; readonly annotations: Labels }[] {
  return [...output.matchAll(/Labels:\{(.*)\}\n\s+Annotations:\{(.*)\}\n/g)].map(
    ([, labels = '', annotations = '']) => ({
      alert: labelsOf(labels)['alertname'] ?? '',
      annotations: labelsOf(annotations),
    }),
  );
}

/** Labels as Prometheus prints them: `name="value", ...` with Go's quoting. */
function labelsOf(text: string): Labels {
  const pairs = text.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g);
  return Object.fromEntries([...pairs].map(([, name, quoted]) => [name, JSON.parse(quoted ?? '""') as string]));
}
