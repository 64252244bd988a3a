import { describe, expect, test } from 'vitest';
import { alerts, topics } from '../../rules/index.ts';
import { renderAlert, whyNot } from '../../rules/render.ts';
import { sampleInterval } from '../../rules/scenarios.ts';
import { suiteOf, withoutAnnotations } from '../../rules/suites.ts';
import type { Alert, RenderedAlert } from '../../rules/types.ts';
import type { Stack } from '../../stack/types.ts';
import { generations, installed, newer } from '../support/programs.ts';
import { localStack, productionStack, telemetryStack } from '../support/stacks.ts';
import { mutate } from './mutants.ts';
import { failures, testRules } from './promtool.ts';

const stacks = [localStack, productionStack, telemetryStack];

test.runIf(newer === undefined)('only the installed generation is tested: LOOKOUT_NEWER_BIN is not set', () => {
  expect(generations).toEqual([installed]);
});

describe.each(generations)('promtool ($name)', ({ promtool }) => {
  test.each(stacks)('every scenario of every alert comes out as it says on $name', (stack) => {
    const suites = alerts.map((alert) => suiteOf(stack, alert, [withoutAnnotations(renderAlert(stack, alert))]));
    expect(testRules(promtool, stack, suites)).toBe('');
  });
});

describe.each(alerts)('$name', (alert) => {
  test('has scenarios that fire, that stay quiet, and one without the series', () => {
    expect(alert.scenarios.some(({ fires }) => fires.length > 0)).toBe(true);
    expect(alert.scenarios.some(({ absent }) => absent)).toBe(true);
    if (alert.name !== 'Watchdog') expect(alert.scenarios.some(({ fires }) => fires.length === 0)).toBe(true);
  });

  test('can fire on a sample stack, so that its scenarios mean something', () => {
    expect(stacks.some((stack) => whyNot(stack, alert) === undefined)).toBe(true);
  });
});

test.each(topics)('an alert of $name with anything wrong in it is caught by a scenario', ({ alerts: own }) => {
  const stack = productionStack;
  const mutants = own.flatMap((alert) => mutantsOf(stack, alert));
  const suites = own.map((alert) =>
    suiteOf(
      stack,
      alert,
      mutants.filter(({ of }) => of === alert).map(({ rendered }) => rendered),
    ),
  );
  const killed = failures(testRules(installed.promtool, stack, suites));
  const survivors = mutants.filter(({ rendered }) => !killed.has(rendered.alert));
  expect(survivors.map(({ of, what, rendered }) => `${of.name}: ${what}: ${rendered.expr}`)).toEqual([]);
});

test('there is much that can be wrong', () => {
  expect(alerts.flatMap((alert) => mutantsOf(productionStack, alert)).length).toBeGreaterThan(7 * alerts.length);
});

interface MutantAlert {
  readonly of: Alert;
  readonly what: string;
  readonly rendered: RenderedAlert;
}

function mutantsOf(stack: Stack, alert: Alert): readonly MutantAlert[] {
  const original = withoutAnnotations(renderAlert(stack, alert));
  const shifted = thresholds(alert).map((threshold) => ({
    what: `threshold ${threshold}`,
    rendered: withoutAnnotations(renderAlert({ ...stack, alerts: { [alert.name]: { threshold } } }, alert)),
  }));
  const held = [original.for * 2, original.for / 2, original.for + 60 / stack.pace]
    .filter((seconds) => seconds !== original.for)
    .map((seconds) => ({ what: `for ${seconds} s`, rendered: { ...original, for: seconds } }));
  const changed = mutate(original.expr, alert.threshold?.value)
    .filter(({ expr }) => expr !== original.expr)
    .map(({ what, expr }) => ({ what, rendered: { ...original, expr } }));
  return [...shifted, ...held, ...changed].map(({ what, rendered }, index) => ({
    of: alert,
    what,
    rendered: { ...rendered, alert: `${alert.name}_${index}` },
  }));
}

function thresholds({ threshold }: Alert): readonly number[] {
  if (threshold === null) return [];
  const { value, unit } = threshold;
  if (value === 0 && unit === 's') return [-sampleInterval, sampleInterval];
  return value === 0 || unit === 'short' ? [value - 1, value + 1] : [value * 0.99, value * 1.1];
}
