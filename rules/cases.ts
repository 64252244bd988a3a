import type { Stack } from '../stack/types.ts';
import { alertContext, bridged, holdInForce } from './context.ts';
import { sampleInterval } from './scenarios.ts';
import type { Alert, InputSeries, Labels, Scenario } from './types.ts';

/** One moment of one scenario and the alerts that fire then. Times in seconds of the stack. */
export interface Case {
  readonly title: string;
  readonly alert: string;
  readonly series: readonly InputSeries[];
  readonly at: number;
  readonly fires: readonly Labels[];
}

/**
 * Every scenario of an alert as it stands, and what follows from it: a firing one is quiet just before it has held long enough
 * and fires as soon as it has; the same series of another namespace leave this stack's alert quiet; and what the exporter says
 * still holds while it restarts, not longer.
 */
export function casesOf(stack: Stack, alert: Alert): readonly Case[] {
  return alert.scenarios.flatMap((scenario) => [
    scenarioCase(stack, alert, scenario),
    ...(scenario.fires.length === 0 || scenario.absent ? [] : derived(stack, alert, scenario)),
  ]);
}

function scenarioCase(stack: Stack, alert: Alert, scenario: Scenario): Case {
  const context = alertContext(stack, alert);
  const { title, fires, since = 0, at } = scenario;
  const moment = at === undefined ? (since + 60) / stack.pace + heldFor(stack, alert) : at / stack.pace;
  return { title, alert: alert.name, series: scenario.series(context), at: moment, fires };
}

function derived(stack: Stack, alert: Alert, scenario: Scenario): readonly Case[] {
  const whole = scenarioCase(stack, alert, scenario);
  const step = sampleInterval / stack.pace;
  const firesAt = (scenario.since ?? 0) / stack.pace + heldFor(stack, alert);
  return [
    ...(firesAt === 0 ? [] : [{ ...whole, title: `${whole.title}, just before`, at: firesAt - step, fires: [] }]),
    { ...whole, title: `${whole.title}, from then on`, at: firesAt },
    ...(firesWithoutSeries(alert) ? [] : [{ ...elsewhere(whole), fires: [] }]),
    ...(bridges(stack, alert) ? restart(whole, step, bridged / stack.pace) : []),
  ];
}

/** Seconds after which it fires: rules are evaluated once for each sample. */
function heldFor(stack: Stack, alert: Alert): number {
  const step = sampleInterval / stack.pace;
  return Math.ceil(holdInForce(stack, alert) / step) * step;
}

function firesWithoutSeries(alert: Alert): boolean {
  return alert.scenarios.some(({ absent, fires }) => absent && fires.length > 0);
}

function elsewhere(whole: Case): Case {
  const series = whole.series.map((one) => ({ ...one, labels: { ...one.labels, namespace: 'elsewhere' } }));
  return { ...whole, title: `${whole.title}, in another namespace`, series };
}

function bridges(stack: Stack, alert: Alert): boolean {
  return alert.expr(alertContext(stack, alert)).includes('last_over_time(');
}

/** The series end where the alert fires. */
function restart(whole: Case, step: number, bridge: number): readonly Case[] {
  const samples = whole.at / step + 1;
  const series = whole.series.map((one) => ({ ...one, values: `${cut(one.values, samples)} stale` }));
  return [
    { ...whole, title: `${whole.title}, while the exporter restarts`, series, at: whole.at + bridge - step },
    { ...whole, title: `${whole.title}, long after`, series, at: whole.at + bridge + 2 * step, fires: [] },
  ];
}

/** The first samples of values in promtool's notation, `a+bxn c-dxn exn`. */
function cut(values: string, samples: number): string {
  let left = samples;
  const kept: string[] = [];
  for (const part of values.split(' ')) {
    const [, head = '', times = ''] = /^(.*)x(\d+)$/.exec(part) ?? [];
    const count = Math.min(Number(times) + 1, left);
    if (count > 0) kept.push(`${head}x${count - 1}`);
    left -= count;
  }
  return kept.join(' ');
}
