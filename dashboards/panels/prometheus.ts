import * as units from '@grafana/grafana-foundation-sdk/units';
import { jobs } from '../../stack/types.ts';
import { goodOrBad } from '../kit/mappings.ts';
import { graph, stacked, states } from '../kit/panels.ts';
import { over } from '../kit/queries.ts';
import { increase, series } from '../kit/selectors.ts';
import { above, goodFrom } from '../kit/thresholds.ts';
import { builtIn, process, prometheus } from '../programs.ts';
import type { PanelContext } from '../types.ts';
import { window } from './alert-path.ts';

const byGroup = (vector: string) => `max by (group) (label_replace(${vector}, "group", "$1", "rule_group", ".*;(.*)"))`;
export const ruleFailures = byGroup(increase(series(prometheus.ruleFailures)));

export function targets() {
  return states(
    'Targets',
    'Every target over time: does it answer its scrape.',
    { unit: units.Short, noValue: 'nothing is builtIn', mappings: goodOrBad('up', 'down'), steps: goodFrom(1) },
    over(`min by (job, instance) (${series(builtIn.up)})`, '{{job}} {{instance}}'),
  );
}

export function scrapeDuration() {
  return graph(
    'Scrape duration',
    'How long each scrape takes. One that nears the interval will soon be lost.',
    { unit: units.Seconds, noValue: 'nothing is builtIn', min: 0 },
    over(`max by (job, instance) (${series(builtIn.duration)})`, '{{job}} {{instance}}'),
  );
}

export function ruleEvaluations(context: PanelContext) {
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

export function evaluationTime() {
  return graph(
    'Rule evaluation time',
    'How long each group of rules takes; above the interval evaluations are left out.',
    { unit: units.Seconds, noValue: 'no rule is evaluated', min: 0, size: [8, 8] },
    over(byGroup(series(prometheus.groupDuration)), '{{group}}'),
    over(`max(${series(prometheus.groupInterval)})`, 'interval'),
  );
}

export function headSeries() {
  return graph(
    'Series in memory',
    'Series that were builtIn lately. A jump is a label with ever new values; it costs memory.',
    { unit: units.Short, noValue: 'Prometheus does not scrape itself', min: 0, size: [8, 8] },
    over(`max(${series(prometheus.headSeries)})`, 'series'),
  );
}

export function storage() {
  const kinds = series('', { __name__: { matches: `prometheus_tsdb_(${prometheus.stored.join('|')})_bytes` } });
  return stacked(
    'Prometheus storage',
    'What the data takes on disk: finished blocks (one every two hours) and, from Prometheus 3 on, what is not yet in one.',
    { unit: units.BytesIEC, noValue: 'Prometheus does not scrape itself', min: 0 },
    over(`max by (kind) (label_replace(${kinds}, "kind", "$1", "__name__", "prometheus_tsdb_(.+)_bytes"))`, '{{kind}}'),
  );
}

export function memory() {
  const own = Object.values(jobs).join('|');
  return graph(
    'Memory of each part',
    'Resident memory of Prometheus, Alertmanager and the exporter.',
    { unit: units.BytesIEC, noValue: 'no part tells it', min: 0 },
    over(`max by (job) (${series(process.memory, { job: { matches: own } })})`, '{{job}}'),
  );
}
