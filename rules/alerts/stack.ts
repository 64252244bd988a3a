import { jobs, watchedByOthers } from '../../stack/types.ts';
import { always, counterScenarios, steps } from '../scenarios.ts';
import { count, figure, found, moment, several, value } from '../templates.ts';
import type { Alert, Labels, Scenario, Topic } from '../types.ts';

const dashboard = 'lookout-stack';
const prometheus = { job: jobs.prometheus };
const alertmanager = { job: jobs.alertmanager };

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
  impossible: watchedByOthers,
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
    `min by (namespace, job) (${select('prometheus_config_last_reload_successful', `job="${jobs.prometheus}"`)}) == 0`,
  summary: 'Prometheus refused its configuration',
  detail: figure(
    'min(prometheus_config_last_reload_success_timestamp_seconds{namespace=$namespace,job=$job})',
    `still runs the one of ${moment(found)}`,
  ),
  value: '',
  action: 'Read the log of Prometheus: it names the line that it refuses.',
  description:
    'Prometheus could not load its new configuration and goes on with the old one; changes are not in force.',
  runbook: reloadRunbook,
  panel: { dashboard, panel: 'Configuration' },
  object: 'job',
  impossible: watchedByOthers,
  scenarios: reloadScenarios('prometheus_config_last_reload_successful', prometheus),
};

const alertmanagerReload: Alert = {
  ...prometheusReload,
  name: 'AlertmanagerConfigReloadFailed',
  expr: ({ select }) =>
    `min by (namespace, job) (${select('alertmanager_config_last_reload_successful', `job="${jobs.alertmanager}"`)}) == 0`,
  summary: 'Alertmanager refused its configuration',
  detail: figure(
    'min(alertmanager_config_last_reload_success_timestamp_seconds{namespace=$namespace,job=$job})',
    `still runs the one of ${moment(found)}`,
  ),
  action: 'Read the log of Alertmanager: it names the line that it refuses.',
  description:
    'Alertmanager could not load its new configuration and goes on with the old one; changes of routes and receivers are not in force.',
  scenarios: reloadScenarios('alertmanager_config_last_reload_successful', alertmanager),
};

function reloadScenarios(metric: string, labels: Labels): readonly Scenario[] {
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
      title: 'one of two refused the new configuration',
      fires: [labels],
      since: 300,
      series: () => {
        const other = { ...labels, instance: 'other' };
        const taken = metric.replace(/successful$/, 'success_timestamp_seconds');
        return [
          { metric, labels: other, values: always(1) },
          { metric, labels, values: steps([1, 300], [0, 3600]) },
          { metric: taken, labels: other, values: always(120) },
          { metric: taken, labels, values: always(60) },
        ];
      },
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

/** Whether Prometheus itself sees and judges. */
export const stackItself: Topic = {
  name: 'stack',
  alerts: [targetDown, ruleFailures, prometheusReload, alertmanagerReload],
};
