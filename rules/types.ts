import type { Severity, Stack } from '../stack/types.ts';

export type Labels = Readonly<Record<string, string>>;

/** A recording rule, `level:metric:operations`. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Labels;
}

/** One file of alerts, and the recordings that belong to them. */
export interface Topic {
  /** Name of the rule file and of its group. */
  readonly name: string;
  readonly alerts: readonly Alert[];
  /** Evaluated before the alerts, in this order. */
  readonly records?: (context: RuleContext) => readonly RecordingRule[];
}

/** What one alert is, before the stack's overrides. Durations in seconds of production; the pace divides them once, on rendering. */
export interface Alert {
  /** PascalCase, subject and condition. */
  readonly name: string;
  readonly severity: Severity;
  /** Seconds of production. */
  readonly for: number;
  readonly threshold: Threshold | null;
  /** PromQL with the resolved threshold in place; keeps `namespace` and the object's label, drops what names the exporter's pod. */
  readonly expr: (context: AlertContext) => string;
  /** What happened to which object, templated, few words: `backup {{ $labels.backup }} missed`. ASCII; becomes the mail's subject. */
  readonly summary: string;
  /** The figure that matters in human units, templated, few words: `last good 26h ago, due 02:00`. ASCII; the subject's second half. */
  readonly detail: string;
  /** The first thing to do, one sentence. */
  readonly action: string;
  /** One or two templated sentences: cause, value against limit, since when. */
  readonly description: string;
  /** The alert's value in human units, templated; empty when it has none. */
  readonly value: string;
  /** Templated; only where the limit is not the threshold (declared per object). */
  readonly limit?: string;
  readonly runbook: Runbook;
  /** Where to look: dashboard uid and panel title. */
  readonly panel: { readonly dashboard: string; readonly panel: string };
  /** The label that names the alerting object (`backup`, `claim`, `certificate`, `application`, `job` ...). */
  readonly object: string;
  /** Labels that the expression cannot give. */
  readonly labels?: (stack: Stack) => Labels;
  /** Undefined when it can fire on this stack; else why it cannot have data there (`lookout why`). */
  readonly impossible?: (stack: Stack) => string | undefined;
  /** At least one that fires, one that stays quiet, one in which the series is absent. */
  readonly scenarios: readonly Scenario[];
}

/** Markdown. The page around it (severity, threshold in force, expression, declared objects, silence) is rendered for all alike. */
export interface Runbook {
  /** What is the matter and why it matters, one paragraph. */
  readonly means: string;
  /** What to do, first things first; commands in backquotes. */
  readonly steps: readonly string[];
}

export interface Threshold {
  readonly value: number;
  /** Grafana unit id: `percentunit`, `s`, `bytes`, `short` ... */
  readonly unit: string;
}

/** What every rule of a stack is built from. */
export interface RuleContext {
  readonly stack: Stack;
  /** The rate window in force as a PromQL duration, e.g. `5m`. */
  readonly window: string;
  /** A selector of this stack's series: `select('up', 'job="x"')` -> `up{namespace="shop",job="x"}`. */
  readonly select: (metric: string | { readonly name: string }, matchers?: string) => string;
  /**
   * The same with its last values where they are missing for a short time: a restart of the exporter neither resolves an
   * alert nor lets it wait anew, and while it is away longer the alert ExporterDown takes over.
   */
  readonly recent: (metric: string | { readonly name: string }, matchers?: string) => string;
  /** Seconds of production as they pass in this stack (divided by its pace). */
  readonly seconds: (production: number) => number;
}

export interface AlertContext extends RuleContext {
  /** The threshold in force; NaN when the alert has none. */
  readonly threshold: number;
}

export interface Scenario {
  /** A sentence. */
  readonly title: string;
  /** Labels of the alerts that fire, besides `alertname`, `severity` and `namespace`; none: it stays quiet. */
  readonly fires: readonly Labels[];
  /** The series that the alert reads are missing. */
  readonly absent?: true;
  /** Values are computed from the context so that one threshold feeds all; `namespace` is added to each. */
  readonly series: (context: AlertContext) => readonly InputSeries[];
  /** Seconds of production after which the condition is true for the first time; default 0. */
  readonly since?: number;
  /** Seconds of production after which it is evaluated; default: `since` and `for` and a minute more. */
  readonly at?: number;
}

/** `values` in promtool's notation, one each 15 seconds of production. */
export interface InputSeries {
  readonly metric: string;
  readonly labels: Labels;
  readonly values: string;
}

export interface RuleGroup {
  /** Also the name of its file: `prometheus/rules/<name>.yml`. */
  readonly name: string;
  /** Seconds. */
  readonly interval: number;
  readonly rules: readonly (RecordingRule | RenderedAlert)[];
}

/**
 * An alert as it stands in the rule file: everything resolved. The annotations, which are the contract with `notifications/`:
 * `summary`, `detail`, `description`, `action`, `value` and `limit` (human units; `limit` is left out without one),
 * `object` (name of the label that names the alerting object), `runbook_url` and `dashboard_url` (left out where nothing
 * serves them). The labels: `severity`, `namespace` (kept by the expression) and what the expression keeps.
 */
export interface RenderedAlert {
  readonly alert: string;
  readonly expr: string;
  /** Seconds. */
  readonly for: number;
  readonly labels: Labels;
  readonly annotations: Labels;
}

export interface RuleSet {
  readonly groups: readonly RuleGroup[];
  /** Alerts left out of this stack and why. */
  readonly skipped: readonly { readonly alert: string; readonly reason: string }[];
}
