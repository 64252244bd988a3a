import { formatDuration } from '../common/durations.ts';
import { humanBytes } from '../common/quantities.ts';
import type { Stack } from '../stack/types.ts';
import { alertContext, holdInForce, ruleContext, thresholdInForce } from './context.ts';
import { links } from './links.ts';
import type { Alert, Labels, RenderedAlert, RuleGroup, Threshold, Topic } from './types.ts';

/** The recordings and the alerts of one topic that can fire on this stack; undefined when none is left. */
export function renderTopic(stack: Stack, topic: Topic): RuleGroup | undefined {
  const rules = [
    ...(topic.records?.(ruleContext(stack)) ?? []),
    ...topic.alerts.filter((alert) => whyNot(stack, alert) === undefined).map((alert) => renderAlert(stack, alert)),
  ];
  return rules.length === 0 ? undefined : { name: topic.name, interval: stack.intervals.evaluation, rules };
}

/** Why this alert is left out of this stack; undefined when it is not. */
export function whyNot(stack: Stack, alert: Alert): string | undefined {
  if (stack.alerts[alert.name]?.enabled === false)
    return `switched off in the environment (alerts.${alert.name}.enabled)`;
  return alert.impossible?.(stack);
}

export function renderAlert(stack: Stack, alert: Alert): RenderedAlert {
  return {
    alert: alert.name,
    expr: alert.expr(alertContext(stack, alert)),
    for: holdInForce(stack, alert),
    labels: { severity: stack.alerts[alert.name]?.severity ?? alert.severity, ...alert.labels?.(stack) },
    annotations: annotations(stack, alert),
  };
}

function annotations(stack: Stack, alert: Alert): Labels {
  const { summary, detail, description, action, value, object } = alert;
  const limit = alert.limit ?? formatThreshold(thresholdInForce(stack, alert));
  const all = { summary, detail, description, action, value, limit, object, ...links(stack, alert) };
  return Object.fromEntries(Object.entries(all).filter(([, text]) => text !== ''));
}

/** The limit for people: `80%`, `14d`, `3 GiB`; a count of nothing is `none`. */
export function formatThreshold(threshold: Threshold | null): string {
  if (threshold === null) return '';
  const { value, unit } = threshold;
  if (unit === 'percentunit') return `${Number((value * 100).toPrecision(4))}%`;
  if (unit === 's') return formatDuration(value);
  if (unit === 'bytes') return humanBytes(value);
  return value === 0 ? 'none' : String(value);
}
