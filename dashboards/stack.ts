import * as units from '@grafana/grafana-foundation-sdk/units';
import { selfMetrics as exporter } from '../exporter/metrics/self.ts';
import { watchedByOthers } from '../stack/types.ts';
import { problems } from './kit/panels.ts';
import { series } from './kit/selectors.ts';
import { table } from './kit/table.ts';
import {
  alertPath,
  configuration,
  notAccepted,
  notifications,
  ofReceivers,
  reloaded,
  window,
} from './panels/alert-path.ts';
import { collectionDuration, collectors, failures, sources } from './panels/exporter.ts';
import {
  evaluationTime,
  headSeries,
  memory,
  ruleEvaluations,
  ruleFailures,
  scrapeDuration,
  storage,
  targets,
} from './panels/prometheus.ts';
import { alertmanager, builtIn, prometheus, watchdog } from './programs.ts';
import type { DashboardSource, PanelContext, PanelSource } from './types.ts';

export const stackHealth: DashboardSource = {
  uid: 'lookout-stack',
  title: 'Stack health',
  description: 'Whether Lookout itself works: targets, rules, storage, the way of alerts to people, and the exporter.',
  from: 'now-6h',
  variables: () => [],
  rows: [
    {
      title: 'Is the watch itself well?',
      panels: [
        down,
        firing,
        ofOurs(rulesFailing),
        ofOurs(misconfigured),
        ofOurs(notificationsFailing),
        collectorsFailing,
        alerts,
      ],
    },
    {
      title: 'From alert to person',
      panels: [alertPath, configuration, notifications, notAccepted],
      impossible: watchedByOthers,
    },
    { title: 'Targets', panels: [targets, scrapeDuration] },
    { title: 'Exporter', panels: [collectors, collectionDuration, sources, failures] },
    {
      title: 'Prometheus',
      panels: [ruleEvaluations, evaluationTime, headSeries, storage, memory],
      impossible: watchedByOthers,
    },
  ],
};

/** A panel on Prometheus or Alertmanager itself. */
function ofOurs(panel: PanelSource): PanelSource {
  return (context) => (watchedByOthers(context.stack) === undefined ? panel(context) : undefined);
}

function down() {
  return problems(
    'Targets down',
    'Targets that do not answer their scrape: what they would tell is missing everywhere.',
    'Prometheus scrapes nothing',
    `${series(builtIn.up)} == bool 0`,
  );
}

function firing() {
  return problems(
    'Alerts firing',
    'All alerts that fire, without the Watchdog, which always does.',
    'no alert is evaluated',
    `${series(builtIn.alerts, { alertstate: 'firing', alertname: { not: 'Watchdog' } })} or 0 * ${watchdog}`,
  );
}

function rulesFailing(context: PanelContext) {
  return problems(
    'Rule groups failing',
    'Groups with a rule that could not be evaluated: its alerts cannot fire.',
    'no rule is evaluated',
    `${ruleFailures} > bool ${context.limit('PrometheusRuleFailures').value}`,
    { interval: window(context) },
  );
}

function misconfigured() {
  return problems(
    'Configurations refused',
    'Prometheus or Alertmanager refused its configuration on the last reload and goes on with the old one.',
    'neither is builtIn',
    `(${reloaded(prometheus.reloaded)} or ${reloaded(alertmanager.reloaded)}) == bool 0`,
  );
}

function notificationsFailing(context: PanelContext) {
  return problems(
    'Receivers failing',
    'Kinds of receivers to which a message could not be delivered.',
    'Alertmanager is not builtIn',
    `${ofReceivers(alertmanager.notificationsFailed, context)} > bool ${context.limit('NotificationsFailing').value}`,
    { interval: window(context) },
  );
}

function collectorsFailing() {
  return problems(
    'Collectors failing',
    'Collectors of the exporter that could not read all of their sources the last time.',
    'the exporter is not builtIn',
    `min by (collector) (${series(exporter.collectorSuccess)}) == bool 0`,
  );
}

function alerts({ objects }: PanelContext) {
  const since = `${series(builtIn.alerts)} * ignoring (alertstate) group_left () ${series(builtIn.alertsSince)}`;
  return table(
    'Alerts',
    'Every alert that is pending or fires, and on what. The Watchdog always fires; if it is missing, rules are not evaluated.',
    { noValue: '-', size: [24, 7] },
    {
      labels: { severity: 'Severity', alertname: 'Alert', object: 'On', alertstate: 'State' },
      columns: [
        {
          name: 'Since',
          expr: `max by (severity, alertname, object, alertstate) (${withObject(since, objects)}) * 1000`,
          unit: units.DatetimeISO,
        },
      ],
      sortBy: 'Severity',
    },
  );
}

/** Adds the label `object`: the first label of an alert that names what it is about, the more telling ones first. */
function withObject(vector: string, objects: readonly string[]): string {
  const general = ['collector', 'job'];
  const named = objects.filter((label) => label !== 'namespace' && !general.includes(label));
  const labels = [...named, ...general].map((label) => `"${label}"`);
  const joined = `label_join(${vector}, "object", "|", ${labels.join(', ')})`;
  return `label_replace(${joined}, "object", "$1", "object", "[|]*([^|]*).*")`;
}
