import { jobs, watchedByOthers } from '../../stack/types.ts';
import { always, counterScenarios, grows, steps } from '../scenarios.ts';
import { count, several, value } from '../templates.ts';
import type { Alert, Topic } from '../types.ts';

const dashboard = 'lookout-stack';
const prometheus = { job: jobs.prometheus };
const sending = { ...prometheus, alertmanager: 'http://alertmanager:9093/api/v2/alerts' };

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
  impossible: watchedByOthers,
  scenarios: counterScenarios(
    'alertmanager_notifications_failed_total',
    { job: jobs.alertmanager, integration: 'email' },
    { integration: 'email' },
  ),
};

const notConnected: Alert = {
  name: 'PrometheusNotConnectedToAlertmanager',
  severity: 'critical',
  for: 300,
  threshold: { value: 1, unit: 'short' },
  expr: ({ select, threshold }) =>
    `min by (namespace, job) (${select('prometheus_notifications_alertmanagers_discovered', `job="${jobs.prometheus}"`)}) < ${threshold}`,
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
  impossible: watchedByOthers,
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
      title: 'one of two Prometheus has lost its last',
      fires: [prometheus],
      since: 300,
      series: ({ threshold }) => [
        {
          metric: 'prometheus_notifications_alertmanagers_discovered',
          labels: { ...prometheus, instance: 'other' },
          values: always(threshold),
        },
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
  impossible: watchedByOthers,
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

/** Whether alerts reach a person. */
export const alerting: Topic = {
  name: 'alerting',
  alerts: [notificationsFailing, notConnected, notAccepted, watchdog],
};
