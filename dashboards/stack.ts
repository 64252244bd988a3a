import * as units from '@grafana/grafana-foundation-sdk/units';
import { formatDuration } from '../common/durations.ts';
import { selfMetrics as exporter } from '../exporter/metrics/self.ts';
import { alerts as allAlerts } from '../rules/index.ts';
import { jobs } from '../stack/types.ts';
import { goodOrBad, words } from './kit/mappings.ts';
import { graph, problems, stacked, states } from './kit/panels.ts';
import { over } from './kit/queries.ts';
import { count, increase, rate, series } from './kit/selectors.ts';
import { table } from './kit/table.ts';
import { above, colours, goodFrom } from './kit/thresholds.ts';
import { alertmanager, process, prometheus, scraped } from './programs.ts';
import type { DashboardSource, PanelContext } from './types.ts';

export const stackHealth: DashboardSource = {
  uid: 'lookout-stack',
  title: 'Stack health',
  description: 'Whether Lookout itself works: targets, rules, storage, the way of alerts to people, and the exporter.',
  from: 'now-6h',
  variables: () => [],
  rows: [
    {
      title: 'Is the watch itself well?',
      panels: [down, firing, rulesFailing, misconfigured, notificationsFailing, collectorsFailing, alerts],
    },
    { title: 'From alert to person', panels: [alertPath, configuration, notifications, notAccepted] },
    { title: 'Targets', panels: [targets, scrapeDuration] },
    { title: 'Exporter', panels: [collectors, collectionDuration, sources, failures] },
    { title: 'Prometheus', panels: [ruleEvaluations, evaluationTime, headSeries, storage, memory] },
  ],
};

const byGroup = (vector: string) => `max by (group) (label_replace(${vector}, "group", "$1", "rule_group", ".*;(.*)"))`;
const ruleFailures = byGroup(increase(series(prometheus.ruleFailures)));
const sourceUp = `min by (collector, source) (${series(exporter.sourceUp)})`;
const collectorSuccess = `min by (collector) (${series(exporter.collectorSuccess)})`;
const reloaded = (metric: string) => `min by (job) (${series(metric)})`;

/** Rare events are counted over the window of the alerts at least. */
const window = ({ stack }: PanelContext) => formatDuration(stack.intervals.rateWindow);

/** Counts of notifications by one of the integrations that this stack uses. */
function ofReceivers(metric: string, { stack: { alertmanager: to } }: PanelContext): string {
  const used = [to.email && 'email', to.slack && 'slack', to.heartbeat && 'webhook'].filter(Boolean);
  return `sum by (integration) (${increase(series(metric, { integration: { matches: used.join('|') || '.+' } }))})`;
}

function down() {
  return problems(
    'Targets down',
    'Targets that do not answer their scrape: what they would tell is missing everywhere.',
    'Prometheus scrapes nothing',
    `${series(scraped.up)} == 0`,
  );
}

function firing() {
  return problems(
    'Alerts firing',
    'All alerts that fire, without the Watchdog, which always does.',
    'no alert is evaluated',
    series(scraped.alerts, { alertstate: 'firing', alertname: { not: 'Watchdog' } }),
  );
}

function rulesFailing(context: PanelContext) {
  return problems(
    'Rule groups failing',
    'Groups with a rule that could not be evaluated: its alerts cannot fire.',
    'no rule is evaluated',
    `${ruleFailures} > ${context.limit('PrometheusRuleFailures').value}`,
    { interval: window(context) },
  );
}

function misconfigured() {
  return problems(
    'Configurations refused',
    'Prometheus or Alertmanager refused its configuration on the last reload and goes on with the old one.',
    'neither is scraped',
    `${reloaded(prometheus.reloaded)} == 0 or ${reloaded(alertmanager.reloaded)} == 0`,
  );
}

function notificationsFailing(context: PanelContext) {
  return problems(
    'Receivers failing',
    'Kinds of receivers to which a message could not be delivered.',
    'Alertmanager is not scraped',
    `${ofReceivers(alertmanager.notificationsFailed, context)} > ${context.limit('NotificationsFailing').value}`,
    { interval: window(context) },
  );
}

function collectorsFailing() {
  return problems(
    'Collectors failing',
    'Collectors of the exporter that could not read all of their sources the last time.',
    'the exporter is not scraped',
    `${collectorSuccess} == 0`,
  );
}

function alerts() {
  const objects = [...new Set(allAlerts.map(({ object }) => object))].filter((object) => object !== 'namespace');
  const since = `${series(scraped.alerts)} * ignoring (alertstate) group_left () ${series(scraped.alertsSince)}`;
  const named = `label_join(${since}, "object", " ", ${objects.map((object) => `"${object}"`).join(', ')})`;
  return table(
    'Alerts',
    'Every alert that is pending or fires, and on what. The Watchdog always fires; if it is missing, rules are not evaluated.',
    { noValue: '-', size: [24, 7] },
    {
      labels: { severity: 'Severity', alertname: 'Alert', object: 'On', alertstate: 'State' },
      columns: [
        {
          name: 'Since',
          expr: `max by (severity, alertname, object, alertstate) (${named}) * 1000`,
          unit: units.DatetimeISO,
        },
      ],
      sortBy: 'Severity',
    },
  );
}

function alertPath(context: PanelContext) {
  const watchdog = series(scraped.alerts, { alertname: 'Watchdog', alertstate: 'firing' });
  const connected = context.limit('PrometheusNotConnectedToAlertmanager').value;
  return states(
    'Alert path',
    'The Watchdog fires, Prometheus knows an Alertmanager, and that one receives alerts. A break anywhere is silence.',
    {
      unit: units.Short,
      noValue: 'nothing is known of it',
      mappings: goodOrBad('yes', 'no'),
      steps: goodFrom(1),
      interval: window(context),
    },
    over(count(watchdog), 'Watchdog fires'),
    over(`max(${series(prometheus.alertmanagers)}) >= bool ${connected}`, 'Prometheus knows Alertmanager'),
    over(`sum(${rate(series(alertmanager.received))}) > bool 0`, 'Alertmanager receives'),
  );
}

function configuration() {
  return states(
    'Configuration',
    'Whether the last reload of the configuration was accepted.',
    {
      unit: units.Short,
      noValue: 'neither is scraped',
      mappings: goodOrBad('accepted', 'refused'),
      steps: goodFrom(1),
    },
    over(reloaded(prometheus.reloaded), '{{job}}'),
    over(reloaded(alertmanager.reloaded), '{{job}}'),
  );
}

function notifications(context: PanelContext) {
  return graph(
    'Notifications',
    'Messages sent and failed by kind of receiver. Failed ones are tried again; the line is the limit of the alert.',
    {
      unit: units.Short,
      noValue: 'Alertmanager is not scraped',
      min: 0,
      steps: above(context.limit('NotificationsFailing')),
      interval: window(context),
    },
    over(ofReceivers(alertmanager.notifications, context), '{{integration}} tried'),
    over(ofReceivers(alertmanager.notificationsFailed, context), '{{integration}} failed'),
  );
}

function notAccepted(context: PanelContext) {
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

function targets() {
  return states(
    'Targets',
    'Every target over time: does it answer its scrape.',
    { unit: units.Short, noValue: 'nothing is scraped', mappings: goodOrBad('up', 'down'), steps: goodFrom(1) },
    over(`min by (job, instance) (${series(scraped.up)})`, '{{job}} {{instance}}'),
  );
}

function scrapeDuration() {
  return graph(
    'Scrape duration',
    'How long each scrape takes. One that nears the interval will soon be lost.',
    { unit: units.Seconds, noValue: 'nothing is scraped', min: 0 },
    over(`max by (job, instance) (${series(scraped.duration)})`, '{{job}} {{instance}}'),
  );
}

function collectors({ limit }: PanelContext) {
  return graph(
    'Collectors',
    'Time since each collector of the exporter last read all of its sources; the line is the limit of the alert.',
    { unit: units.Seconds, noValue: 'no collection was complete yet', min: 0, steps: above(limit('CollectorFailing')) },
    over(`time() - max by (collector) (${series(exporter.collectorLastSuccess)})`, '{{collector}}'),
  );
}

function collectionDuration() {
  return graph(
    'Collection duration',
    'How long each collector took the last time.',
    { unit: units.Seconds, noValue: 'the exporter is not scraped', min: 0 },
    over(`max by (collector) (${series(exporter.collectorDuration)})`, '{{collector}}'),
  );
}

function sources() {
  const hungSince = `max by (collector, source) (${series(exporter.sourceHungSince)})`;
  return table(
    'Sources',
    'Every declared backup, volume and certificate: can it be read, and is reading it stuck.',
    { noValue: '-', size: [12, 8] },
    {
      labels: { collector: 'Collector', source: 'Source' },
      columns: [
        { name: 'State', expr: sourceUp, unit: units.Short, mappings: goodOrBad('readable', 'unreadable') },
        {
          name: 'Hung for',
          expr: `(time() - ${hungSince}) * (${hungSince} > bool 0)`,
          unit: units.Seconds,
          mappings: words({ text: 'not hung', color: colours.good }, {}).slice(0, 1),
        },
      ],
      sortBy: 'State',
    },
  );
}

function failures() {
  const failed = `sum by (collector, source, reason) (increase(${series(exporter.sourceErrors)}[$__range]))`;
  return table(
    'Failed readings',
    'Readings that failed during the time shown, and why.',
    { noValue: 'none', size: [12, 8] },
    {
      labels: { collector: 'Collector', source: 'Source', reason: 'Reason' },
      columns: [{ name: 'Failed', expr: `${failed} > 0`, unit: units.Short, decimals: 0 }],
      sortBy: 'Failed',
      descending: true,
    },
  );
}

function ruleEvaluations(context: PanelContext) {
  return graph(
    'Rule evaluations',
    'Evaluations that failed, by group of rules; any is too many.',
    {
      unit: units.Short,
      noValue: 'no rule is evaluated',
      min: 0,
      size: [8, 8],
      steps: above(context.limit('PrometheusRuleFailures')),
      interval: window(context),
    },
    over(ruleFailures, '{{group}}'),
  );
}

function evaluationTime() {
  return graph(
    'Rule evaluation time',
    'How long each group of rules takes; above the interval evaluations are left out.',
    { unit: units.Seconds, noValue: 'no rule is evaluated', min: 0, size: [8, 8] },
    over(byGroup(series(prometheus.groupDuration)), '{{group}}'),
    over(`max(${series(prometheus.groupInterval)})`, 'interval'),
  );
}

function headSeries() {
  return graph(
    'Series in memory',
    'Series that were scraped lately. A jump is a label with ever new values; it costs memory.',
    { unit: units.Short, noValue: 'Prometheus does not scrape itself', min: 0, size: [8, 8] },
    over(`max(${series(prometheus.headSeries)})`, 'series'),
  );
}

function storage() {
  const kinds = series('', { __name__: { matches: `prometheus_tsdb_(${prometheus.stored.join('|')})_bytes` } });
  return stacked(
    'Prometheus storage',
    'What the data takes on disk: finished blocks (one every two hours) and, from Prometheus 3 on, what is not yet in one.',
    { unit: units.BytesIEC, noValue: 'Prometheus does not scrape itself', min: 0 },
    over(`max by (kind) (label_replace(${kinds}, "kind", "$1", "__name__", "prometheus_tsdb_(.+)_bytes"))`, '{{kind}}'),
  );
}

function memory() {
  const own = Object.values(jobs).join('|');
  return graph(
    'Memory of each part',
    'Resident memory of Prometheus, Alertmanager and the exporter.',
    { unit: units.BytesIEC, noValue: 'no part tells it', min: 0 },
    over(`max by (job) (${series(process.memory, { job: { matches: own } })})`, '{{job}}'),
  );
}
