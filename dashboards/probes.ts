import * as units from '@grafana/grafana-foundation-sdk/units';
import { probeMetrics as metrics } from '../rules/alerts/probes.ts';
import { goodOrBad } from './kit/mappings.ts';
import { graph, problems, stacked, stat, states } from './kit/panels.ts';
import { now, over } from './kit/queries.ts';
import { series } from './kit/selectors.ts';
import { table } from './kit/table.ts';
import { above, badFalling, goodFrom } from './kit/thresholds.ts';
import { severalOf } from './kit/variables.ts';
import type { DashboardSource, PanelContext } from './types.ts';

export const probes: DashboardSource = {
  uid: 'lookout-probes',
  title: 'Probes',
  description: 'What users would see: whether pages and servers answer when they are asked from inside the cluster.',
  from: 'now-24h',
  variables: () => [probe.variable()],
  impossible: ({ probes: declared }) => (declared.length === 0 ? 'no probe is declared' : undefined),
  rows: [
    { title: 'Does everything answer?', panels: [failing, slow, lowest, each] },
    { title: 'Over time', panels: [answers, time] },
    {
      title: 'Pages',
      panels: [phases, statusCodes],
      impossible: ({ probes: declared }) =>
        declared.some(({ kind }) => kind === 'http') ? undefined : 'no probe asks for a page',
    },
  ],
};

const probe = severalOf('probe', 'Probe', 'The probes that are shown.', series(metrics.success));
const selected = { probe: probe.selected };
const silent = 'nothing was asked';

const success = `max by (probe) (${series(metrics.success, selected)})`;
const duration = `max by (probe) (${series(metrics.duration, selected)})`;
/** Of the time that is shown, the share in which it answered. */
const availability = `max by (probe) (avg_over_time(${series(metrics.success, selected)}[$__range]))`;
const status = `max by (probe) (${series(metrics.status, selected)})`;

const ofNines = badFalling(0.99, 0.999);

function failing() {
  return problems(
    'Failing',
    'Probes that do not answer as declared now. The table says which.',
    silent,
    `${success} == bool 0`,
    { size: [6, 4] },
  );
}

function slow({ limit }: PanelContext) {
  return problems(
    'Slow',
    'Probes that answer later than the limit of the alert.',
    silent,
    `${duration} > bool ${limit('ProbeSlow').value}`,
    { size: [6, 4] },
  );
}

function lowest() {
  return stat(
    'Lowest availability',
    'Of the probe that answered least: the share of the time shown in which it did.',
    { unit: units.PercentUnit, noValue: silent, steps: ofNines, decimals: 2, size: [12, 4] },
    now(`min(${availability})`, 'availability'),
  );
}

function each({ limit }: PanelContext) {
  return table(
    'Every probe',
    'What each answered last, and how reliably over the time shown. A server without pages has no status.',
    { noValue: '-', size: [24, 7] },
    {
      labels: { probe: 'Probe' },
      columns: [
        { name: 'Answers', expr: success, unit: units.Short, mappings: goodOrBad('yes', 'no') },
        { name: 'Availability', expr: availability, unit: units.PercentUnit, decimals: 2, steps: ofNines },
        { name: 'Time to answer', expr: duration, unit: units.Seconds, steps: above(limit('ProbeSlow')) },
        { name: 'Status', expr: `${status} > 0`, unit: units.Short },
      ],
      sortBy: 'Availability',
    },
  );
}

function answers() {
  return states(
    'Answers',
    'When each probe answered as declared, and when not.',
    { unit: units.Short, noValue: silent, mappings: goodOrBad('answers', 'fails'), steps: goodFrom(1) },
    over(success, '{{probe}}'),
  );
}

function time({ limit }: PanelContext) {
  return graph(
    'Time to answer',
    'How long each probe took, resolving and connecting included; the line is the limit of the alert. One that fails may be quick.',
    { unit: units.Seconds, noValue: silent, steps: above(limit('ProbeSlow')), min: 0 },
    over(duration, '{{probe}}'),
  );
}

function phases() {
  return stacked(
    'Where the time goes',
    'Phases of all pages that are shown, on average: resolving, connecting, TLS, processing by the program, transfer.',
    { unit: units.Seconds, noValue: silent, min: 0 },
    over(`avg by (phase) (${series(metrics.phases, selected)})`, '{{phase}}'),
  );
}

function statusCodes() {
  return graph(
    'Status',
    'The status code of each page; 0 where nothing answered in HTTP.',
    { unit: units.Short, noValue: silent, min: 0 },
    over(status, '{{probe}}'),
  );
}
