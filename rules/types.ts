import type { Severity, Stack } from '../stack/types.ts';

/** A recording rule, `level:metric:operations`. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What one alert is, before the stack's overrides. Durations in seconds of production; the pace divides them once, on rendering. */
export interface Alert {
  /** PascalCase, subject and condition. */
  readonly name: string;
  readonly severity: Severity;
  /** Seconds of production. */
  readonly for: number;
  readonly threshold: Threshold | null;
  /** PromQL with the resolved threshold in place; keeps `namespace` and the object's label. */
  readonly expr: (context: AlertContext) => string;
  /** What happened to which object, templated, few words: `backup {{ $labels.backup }} missed`. ASCII; becomes the mail's subject. */
  readonly summary: string;
  /** The figure that matters in human units, templated, few words: `last good 26h ago, due 02:00`. ASCII; the subject's second half. */
  readonly detail: string;
  /** The first thing to do, one sentence. */
  readonly action: string;
  /** One or two templated sentences: cause, value against limit, since when. */
  readonly description: string;
  /** Markdown: what it means, what to do first, how to silence. Rendered with the threshold that is in force. */
  readonly runbook: (context: AlertContext) => string;
  /** Where to look: dashboard uid and panel title. */
  readonly panel: { readonly dashboard: string; readonly panel: string };
  /** The label that names the alerting object (`backup`, `claim`, `certificate`, `application`, `job` ...). */
  readonly object: string;
  /** Undefined when it can fire on this stack; else why it cannot have data there (`lookout why`). */
  readonly impossible?: (stack: Stack) => string | undefined;
  /** At least one that fires, one that stays quiet, one in which the series is absent. */
  readonly scenarios: readonly Scenario[];
}

export interface Threshold {
  readonly value: number;
  /** Grafana unit id: `percentunit`, `s`, `bytes`, `short` ... */
  readonly unit: string;
}

export interface AlertContext {
  readonly stack: Stack;
  /** The threshold in force; NaN when the alert has none. */
  readonly threshold: number;
  /** The rate window in force as a PromQL duration, e.g. `5m`. */
  readonly window: string;
}

export interface Scenario {
  /** A sentence. */
  readonly title: string;
  readonly expect: 'fires' | 'quiet' | 'absent';
  /** Input series in promtool's notation; values are computed from the context so that one threshold feeds all. */
  readonly series: (context: AlertContext) => readonly { readonly series: string; readonly values: string }[];
  /** Seconds of production after which it is evaluated; default: `for` and some evaluations more. */
  readonly at?: number;
}

export interface RuleGroup {
  readonly name: string;
  readonly interval: number;
  readonly rules: readonly (RecordingRule | RenderedAlert)[];
}

/**
 * An alert as it stands in the rule file: everything resolved. The annotations, which are the contract with `notifications/`:
 * `summary`, `detail`, `description`, `action`, `value` and `limit` (human units; `limit` empty without a threshold),
 * `object` (name of the label that names the alerting object), `runbook_url`, `dashboard_url`. The labels: `severity`,
 * `namespace` (kept by the expression) and what the expression keeps.
 */
export interface RenderedAlert {
  readonly alert: string;
  readonly expr: string;
  /** Seconds. */
  readonly for: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface RuleSet {
  readonly groups: readonly RuleGroup[];
  /** Alerts left out of this stack and why. */
  readonly skipped: readonly { readonly alert: string; readonly reason: string }[];
}
