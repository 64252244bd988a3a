import { stringify } from 'yaml';
import { formatDuration } from '../common/durations.ts';
import { jobs, type OutputFile, type Stack } from '../stack/types.ts';
import { type Case, casesOf } from './cases.ts';
import { ruleFileContent } from './files.ts';
import { sampleInterval } from './scenarios.ts';
import type { Alert, InputSeries, RecordingRule, RenderedAlert } from './types.ts';

/** Rules and what `promtool test rules` is to expect of them. */
export interface Suite {
  readonly rules: readonly (RecordingRule | RenderedAlert)[];
  readonly tests: readonly object[];
}

/** Every scenario of an alert as it stands, and what follows from it, under the name of each of `rules`: the alert, or its mutants. */
export function suiteOf(stack: Stack, alert: Alert, rules: readonly RenderedAlert[]): Suite {
  return { rules, tests: casesOf(stack, alert).map((one) => alertTest(stack, one, rules)) };
}

/** A test of the same case under each of several names. */
export function alertTest(stack: Stack, { title, series, at, fires }: Case, alerts: readonly RenderedAlert[]): object {
  return {
    name: title,
    interval: formatDuration(sampleStep(stack)),
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

/** Without annotations, which promtool would have to expect word by word; messages have a test of their own. */
export function withoutAnnotations(alert: RenderedAlert): RenderedAlert {
  return { ...alert, annotations: {} };
}

/** Seconds between two samples and two evaluations of a scenario, whatever the stack's own intervals are. */
function sampleStep({ pace }: Stack): number {
  return sampleInterval / pace;
}

/**
 * The two files of a suite: `<name>.rules.yml`, and `<name>.test.yml`, which promtool is given. Format: Prometheus
 * documentation, "Unit testing for rules".
 */
export function suiteFiles(stack: Stack, name: string, { rules, tests }: Suite): readonly OutputFile[] {
  const interval = sampleStep(stack);
  const document = { rule_files: [`${name}.rules.yml`], evaluation_interval: formatDuration(interval), tests };
  return [
    { path: `${name}.rules.yml`, content: ruleFileContent([{ name: 'suite', interval, rules }]) },
    { path: `${name}.test.yml`, content: stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }) },
  ];
}
