import { formatDuration } from '../common/durations.ts';
import type { Stack } from '../stack/types.ts';
import type { Alert, AlertContext, RuleContext, Threshold } from './types.ts';

/** Everything that rules need to know of a stack. A matcher on `namespace` keeps rules apart that share one Prometheus. */
export function ruleContext(stack: Stack): RuleContext {
  return {
    stack,
    window: formatDuration(stack.intervals.rateWindow),
    select: (metric, matchers = '') => {
      const name = typeof metric === 'string' ? metric : metric.name;
      return `${name}{namespace="${stack.namespace}"${matchers === '' ? '' : `,${matchers}`}}`;
    },
    seconds: (production) => production / stack.pace,
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
