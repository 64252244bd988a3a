import { formatDuration } from '../common/durations.ts';
import type { Stack } from '../stack/types.ts';
import type { Alert, AlertContext, RuleContext, Threshold } from './types.ts';

/** Seconds of production: longer than ExporterDown waits, and than a source may fail before its last figures are let go. */
export const bridged = 180;

/** Everything that rules need to know of a stack. A matcher on `namespace` keeps rules apart that share one Prometheus. */
export function ruleContext(stack: Stack): RuleContext {
  const seconds = (production: number) => production / stack.pace;
  const select: RuleContext['select'] = (metric, matchers = '') => {
    const name = typeof metric === 'string' ? metric : metric.name;
    return `${name}{namespace="${stack.namespace}"${matchers === '' ? '' : `,${matchers}`}}`;
  };
  return {
    stack,
    window: formatDuration(stack.intervals.rateWindow),
    select,
    recent: (metric, matchers) => `last_over_time(${select(metric, matchers)}[${formatDuration(seconds(bridged))}])`,
    seconds,
  };
}

export function alertContext(stack: Stack, alert: Alert): AlertContext {
  return { ...ruleContext(stack), threshold: thresholdInForce(stack, alert)?.value ?? Number.NaN };
}

/** The alert's own threshold, or the environment's in its place. */
export function thresholdInForce(stack: Stack, alert: Alert): Threshold | null {
  if (alert.threshold === null) return null;
  return { ...alert.threshold, value: stack.alerts[alert.name]?.threshold ?? alert.threshold.value };
}

/** Seconds for which the condition must hold on this stack. */
export function holdInForce(stack: Stack, alert: Alert): number {
  return stack.alerts[alert.name]?.for ?? alert.for / stack.pace;
}
