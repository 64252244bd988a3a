import * as units from '@grafana/grafana-foundation-sdk/units';
import { formatDuration } from '../../common/durations.ts';
import { goodOrBad } from '../kit/mappings.ts';
import { graph, states } from '../kit/panels.ts';
import { over } from '../kit/queries.ts';
import { increase, rate, series } from '../kit/selectors.ts';
import { above, goodFrom } from '../kit/thresholds.ts';
import { alertmanager, prometheus, watchdog } from '../programs.ts';
import type { PanelContext } from '../types.ts';

export const reloaded = (metric: string) => `min by (job) (${series(metric)})`;

/** Rare events are counted over the window of the alerts at least. */
export const window = ({ stack }: PanelContext) => formatDuration(stack.intervals.rateWindow);

/** Counts of notifications by one of the integrations that this stack uses. */
export function ofReceivers(metric: string, { stack: { alertmanager: to } }: PanelContext): string {
  const used = [to.email && 'email', to.slack && 'slack', to.heartbeat && 'webhook'].filter(Boolean);
  return `sum by (integration) (${increase(series(metric, { integration: { matches: used.join('|') || '.+' } }))})`;
}

export function alertPath(context: PanelContext) {
  const connected = context.limit('PrometheusNotConnectedToAlertmanager').value;
  return states(
    'Alert path',
    'The Watchdog fires, each Prometheus knows an Alertmanager, and that receives alerts. A break anywhere is silence.',
    {
      unit: units.Short,
      noValue: 'nothing is known of it',
      mappings: goodOrBad('yes', 'no'),
      steps: goodFrom(1),
      interval: window(context),
    },
    over(`count(${watchdog}) or vector(0)`, 'Watchdog fires'),
    over(`min(${series(prometheus.alertmanagers)}) >= bool ${connected}`, 'Prometheus knows Alertmanager'),
    over(`sum(${rate(series(alertmanager.received))}) > bool 0`, 'Alertmanager receives'),
  );
}

export function configuration() {
  return states(
    'Configuration',
    'Whether the last reload of the configuration was accepted.',
    {
      unit: units.Short,
      noValue: 'neither is builtIn',
      mappings: goodOrBad('accepted', 'refused'),
      steps: goodFrom(1),
    },
    over(reloaded(prometheus.reloaded), '{{job}}'),
    over(reloaded(alertmanager.reloaded), '{{job}}'),
  );
}

export function notifications(context: PanelContext) {
  return graph(
    'Notifications',
    'Messages sent and failed by kind of receiver. Failed ones are tried again; the line is the limit of the alert.',
    {
      unit: units.Short,
      noValue: 'Alertmanager is not builtIn',
      min: 0,
      steps: above(context.limit('NotificationsFailing')),
      interval: window(context),
    },
    over(ofReceivers(alertmanager.notifications, context), '{{integration}} tried'),
    over(ofReceivers(alertmanager.notificationsFailed, context), '{{integration}} failed'),
  );
}

export function notAccepted(context: PanelContext) {
  const rise = (metric: string) => `sum(${increase(series(metric))})`;
  return graph(
    'Alerts not accepted',
    'Share of what Prometheus sent that Alertmanager did not take; the line is the limit of the alert.',
    {
      unit: units.PercentUnit,
      noValue: 'nothing was sent',
      min: 0,
      steps: above(context.limit('AlertsNotAccepted')),
      interval: window(context),
    },
    over(`${rise(prometheus.alertsRefused)} / (${rise(prometheus.alertsSent)} > 0)`, 'not accepted'),
  );
}
