import { jobs } from '../../stack/types.ts';
import { always, grows, steps } from '../scenarios.ts';
import { count, figure, found, moment, several, value } from '../templates.ts';
import type { Alert, Scenario, Topic } from '../types.ts';

const dashboard = 'lookout-stack';
const prometheus = { job: jobs.prometheus };
const alertmanager = { job: jobs.alertmanager };
const sending = { ...prometheus, alertmanager: 'http://alertmanager:9093/api/v2/alerts' };

const targetDown: Alert = {
  name: 'TargetDown',
  severity: 'warning',
  for: 300,
  threshold: null,
  expr: ({ select }) => `min by (namespace, job, application) (${select('up')}) == 0`,
  summary: 'target {{ $labels.job }} down',
  detail: figure(
    'count(up{namespace=$namespace,job=$job} == 0)',
    `${count(found)} of ${figure('count(up{namespace=$namespace,job=$job})', several(found, 'instance', 'instances'))} not answering`,
  ),
  value: '',
  action: 'Read the error beside the target on the page of targets of Prometheus.',
  description: 'At least one instance of scrape job {{ $labels.job }} does not answer; its figures are missing.',
  runbook: {
    means: 'Prometheus gets no figures from an instance of this job.',
    steps: [
      'The page of targets of Prometheus shows the error: refused (not running, wrong port), 401 (token), 404 (path), timeout (too slow or unreachable).',
      'Ask the target from the machine of Prometheus with `curl`, with the same token.',
    ],
  },
  panel: { dashboard, panel: 'Targets' },
  object: 'job',
  scenarios: [
    {
      title: 'one of two instances does not answer',
      fires: [{ job: 'shop', application: 'shop' }],
      since: 300,
      series: () => [
        { metric: 'up', labels: { job: 'shop', application: 'shop', instance: 'a' }, values: always(1) },
        {
          metric: 'up',
          labels: { job: 'shop', application: 'shop', instance: 'b' },
          values: steps([1, 300], [0, 3600]),
        },
      ],
    },
    {
      title: 'every instance answers',
      fires: [],
      series: () => [{ metric: 'up', labels: { job: 'shop', instance: 'a' }, values: always(1) }],
    },
    { title: 'there is no target at all', fires: [], absent: true, series: () => [] },
  ],
};

const ruleFailures: Alert = {
  name: 'PrometheusRuleFailures',
  severity: 'critical',
  for: 0,
  threshold: { value: 0, unit: 'short' },
  expr: ({ select, window, threshold }) =>
    `sum by (namespace, rule_group) (increase(${select('prometheus_rule_evaluation_failures_total')}[${window}])) > ${threshold}`,
  summary: 'rules of {{ reReplaceAll `.*[/;]` `` $labels.rule_group }} fail',
  detail: several(value, 'failed evaluation', 'failed evaluations'),
  value: several(value, 'failure', 'failures'),
  action: 'Read the log of Prometheus: it names the rule and the error.',
  description:
    'Prometheus could not evaluate rules in {{ $labels.rule_group }}; alerts in this group may not fire when they should.',
  runbook: {
    means: 'The evaluation of a rule ends with an error, so its alert cannot fire.',
    steps: [
      'Read the log of Prometheus for `Evaluating rule failed`. "many-to-many matching" and "duplicate series" mean that the same thing is scraped twice.',
      'The page of rules of Prometheus shows the error beside the rule, also at `/api/v1/rules`.',
      'Build and check the rules again: `lookout build <environment>`, `promtool check rules <file>`.',
    ],
  },
  panel: { dashboard, panel: 'Rule evaluations' },
  object: 'rule_group',
  scenarios: counterScenarios(
    'prometheus_rule_evaluation_failures_total',
    { ...prometheus, rule_group: '/etc/prometheus/rules/backups.yml;backups' },
    { rule_group: '/etc/prometheus/rules/backups.yml;backups' },
  ),
};

const reloadRunbook = {
  means:
    'The new configuration was refused and the old one is still in force. It is also what comes into force at the next start: the process would then not start at all.',
  steps: [
    'Read the log for the line and the key that it refuses.',
    'Check the built file: `promtool check config <file>`, `amtool check-config <file>`.',
    'Mend the environment, build, and let it be applied again.',
  ],
};

const prometheusReload: Alert = {
  name: 'PrometheusConfigReloadFailed',
  severity: 'critical',
  for: 300,
  threshold: null,
  expr: ({ select }) =>
    `max by (namespace, job) (${select('prometheus_config_last_reload_successful', `job="${jobs.prometheus}"`)}) == 0`,
  summary: 'Prometheus refused its configuration',
  detail: figure(
    'prometheus_config_last_reload_success_timestamp_seconds{namespace=$namespace,job=$job}',
    `still runs the one of ${moment(found)}`,
  ),
  value: '',
  action: 'Read the log of Prometheus: it names the line that it refuses.',
  description:
    'Prometheus could not load its new configuration and goes on with the old one; changes are not in force.',
  runbook: reloadRunbook,
  panel: { dashboard, panel: 'Configuration' },
  object: 'job',
  scenarios: reloadScenarios('prometheus_config_last_reload_successful', prometheus),
};

const alertmanagerReload: Alert = {
  ...prometheusReload,
  name: 'AlertmanagerConfigReloadFailed',
  expr: ({ select }) =>
    `max by (namespace, job) (${select('alertmanager_config_last_reload_successful', `job="${jobs.alertmanager}"`)}) == 0`,
  summary: 'Alertmanager refused its configuration',
  detail: figure(
    'alertmanager_config_last_reload_success_timestamp_seconds{namespace=$namespace,job=$job}',
    `still runs the one of ${moment(found)}`,
  ),
  action: 'Read the log of Alertmanager: it names the line that it refuses.',
  description:
    'Alertmanager could not load its new configuration and goes on with the old one; changes of routes and receivers are not in force.',
  scenarios: reloadScenarios('alertmanager_config_last_reload_successful', alertmanager),
};

const notificationsFailing: Alert = {
  name: 'NotificationsFailing',
  severity: 'critical',
  for: 0,
  threshold: { value: 0, unit: 'short' },
  expr: ({ select, window, threshold }) =>
    `sum by (namespace, integration) (increase(${select('alertmanager_notifications_failed_total')}[${window}])) > ${threshold}`,
  summary: 'messages by {{ $labels.integration }} fail',
  detail: `${count(value)} not delivered`,
  value: several(value, 'message', 'messages'),
  action: 'Read the log of Alertmanager: it has the answer of the mail server or of Slack.',
  description:
    'Alertmanager could not deliver messages by {{ $labels.integration }}. Alerts may reach nobody; look at the start page or at Prometheus for what fires now.',
  runbook: {
    means: 'A receiver refused or did not answer, also after retries. Who relies on it hears of nothing.',
    steps: [
      'Read the log of Alertmanager for `Notify for alerts failed`: it holds the answer of the other side.',
      'Mail: wrong password, sender not allowed, no route to the server on its port. Slack: the webhook was revoked (`no_service`) or the channel archived.',
      'Prove it with a message of your own: `lookout verify <environment> --deliver`.',
    ],
  },
  panel: { dashboard, panel: 'Notifications' },
  object: 'integration',
  scenarios: counterScenarios(
    'alertmanager_notifications_failed_total',
    { ...alertmanager, integration: 'email' },
    { integration: 'email' },
  ),
};

const notConnected: Alert = {
  name: 'PrometheusNotConnectedToAlertmanager',
  severity: 'critical',
  for: 300,
  threshold: { value: 1, unit: 'short' },
  expr: ({ select, threshold }) =>
    `max by (namespace, job) (${select('prometheus_notifications_alertmanagers_discovered', `job="${jobs.prometheus}"`)}) < ${threshold}`,
  summary: 'Prometheus has no Alertmanager',
  detail: 'alerts reach nobody',
  value: count(value),
  action: 'Look at the section alerting of the configuration of Prometheus.',
  description: 'Prometheus knows of no Alertmanager, so no alert leaves it.',
  runbook: {
    means: 'Prometheus has found no Alertmanager to send alerts to. This alert itself is seen only in Prometheus.',
    steps: [
      'Look at `/api/v1/alertmanagers` of Prometheus, and at `alerting` in its configuration.',
      'In a cluster: does the Service of Alertmanager exist, and does it have endpoints? `kubectl get endpoints`.',
    ],
  },
  panel: { dashboard, panel: 'Alert path' },
  object: 'job',
  scenarios: [
    {
      title: 'the last Alertmanager is gone',
      fires: [prometheus],
      since: 300,
      series: ({ threshold }) => [
        {
          metric: 'prometheus_notifications_alertmanagers_discovered',
          labels: prometheus,
          values: steps([threshold, 300], [threshold - 1, 3600]),
        },
      ],
    },
    {
      title: 'there is one, and a foreign Prometheus has none',
      fires: [],
      series: ({ threshold }) => [
        {
          metric: 'prometheus_notifications_alertmanagers_discovered',
          labels: prometheus,
          values: always(threshold),
        },
        {
          metric: 'prometheus_notifications_alertmanagers_discovered',
          labels: { job: 'other' },
          values: always(0),
        },
      ],
    },
    { title: 'Prometheus does not scrape itself', fires: [], absent: true, series: () => [] },
  ],
};

const notAccepted: Alert = {
  name: 'AlertsNotAccepted',
  severity: 'critical',
  for: 600,
  threshold: { value: 0, unit: 'short' },
  expr: ({ select, window, threshold }) =>
    `sum by (namespace, job) (increase(${select('prometheus_notifications_errors_total')}[${window}])) > ${threshold}`,
  summary: 'Alertmanager takes no alerts',
  detail: `${several(value, 'attempt', 'attempts')} failed`,
  value: several(value, 'attempt', 'attempts'),
  action: 'Look whether Alertmanager runs and whether Prometheus has its password.',
  description: 'Alertmanager keeps refusing what Prometheus sends, or does not answer; alerts may reach nobody.',
  runbook: {
    means: 'Prometheus sends alerts and Alertmanager does not take them: it is down or refuses the credentials.',
    steps: [
      'Read the log of Prometheus for `Error sending alert`: refused means that Alertmanager is down, 401 that the password differs.',
      'Read the log of Alertmanager, and start it again.',
    ],
  },
  panel: { dashboard, panel: 'Alerts not accepted' },
  object: 'job',
  scenarios: [
    {
      title: 'again and again an attempt fails',
      fires: [prometheus],
      since: 15,
      series: () => [{ metric: 'prometheus_notifications_errors_total', labels: sending, values: grows(1) }],
    },
    {
      title: 'a restart of Alertmanager has cost one attempt',
      fires: [],
      at: 300 + 600,
      series: () => [
        { metric: 'prometheus_notifications_errors_total', labels: sending, values: steps([0, 300], [1, 3600]) },
      ],
    },
    {
      title: 'every attempt succeeds',
      fires: [],
      at: 900,
      series: () => [{ metric: 'prometheus_notifications_errors_total', labels: sending, values: always(0) }],
    },
    { title: 'Prometheus does not scrape itself', fires: [], absent: true, series: () => [] },
  ],
};

const watchdog: Alert = {
  name: 'Watchdog',
  severity: 'info',
  for: 0,
  threshold: null,
  expr: () => 'vector(1)',
  labels: ({ namespace }) => ({ namespace }),
  summary: 'alert path alive',
  detail: 'always firing',
  value: '',
  action: 'Nothing: it is its silence that matters.',
  description:
    'This alert always fires. It proves that rules are evaluated and that alerts arrive; whoever receives it raises the alarm when it stops.',
  runbook: {
    means:
      'Not an alarm. It fires as long as Prometheus evaluates rules, and goes to the heartbeat receiver. When it stops arriving there, the alert path itself is broken.',
    steps: [
      'If the heartbeat service reports that it is missing: look whether Prometheus and Alertmanager run (`lookout status <environment>`), then whether Alertmanager can reach the heartbeat address.',
    ],
  },
  panel: { dashboard, panel: 'Alert path' },
  object: 'namespace',
  scenarios: [
    { title: 'nothing at all is scraped', fires: [{}], absent: true, series: () => [] },
    {
      title: 'everything is well',
      fires: [{}],
      series: () => [{ metric: 'up', labels: { job: 'shop' }, values: always(1) }],
    },
  ],
};

function counterScenarios(
  metric: string,
  labels: Readonly<Record<string, string>>,
  fires: Readonly<Record<string, string>>,
): readonly Scenario[] {
  return [
    {
      title: 'a failure was counted within the window',
      fires: [fires],
      since: 315,
      series: () => [{ metric, labels, values: steps([0, 315], [1, 3600]) }],
    },
    {
      title: 'the last failure is longer ago than the window',
      fires: [],
      at: 900,
      series: () => [{ metric, labels, values: steps([0, 300], [3, 3600]) }],
    },
    { title: 'nothing counts failures', fires: [], absent: true, series: () => [] },
  ];
}

function reloadScenarios(metric: string, labels: Readonly<Record<string, string>>): readonly Scenario[] {
  return [
    {
      title: 'the new configuration was refused',
      fires: [labels],
      since: 300,
      series: () => [
        { metric, labels, values: steps([1, 300], [0, 3600]) },
        { metric: metric.replace(/successful$/, 'success_timestamp_seconds'), labels, values: always(60) },
      ],
    },
    {
      title: 'it was loaded, and a foreign one was refused',
      fires: [],
      series: () => [
        { metric, labels, values: always(1) },
        { metric, labels: { job: 'other' }, values: always(0) },
      ],
    },
    { title: 'it is not scraped', fires: [], absent: true, series: () => [] },
  ];
}

export const stackItself: Topic = {
  name: 'stack',
  alerts: [
    targetDown,
    ruleFailures,
    prometheusReload,
    alertmanagerReload,
    notificationsFailing,
    notConnected,
    notAccepted,
    watchdog,
  ],
};
