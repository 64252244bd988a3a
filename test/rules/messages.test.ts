import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type Case, casesOf } from '../../rules/cases.ts';
import { alerts } from '../../rules/index.ts';
import { renderAlert } from '../../rules/render.ts';
import { alertTest } from '../../rules/suites.ts';
import type { Alert, Labels } from '../../rules/types.ts';
import type { Stack } from '../../stack/types.ts';
import { expectGolden } from '../support/golden.ts';
import { type Generation, generations, installed } from '../support/programs.ts';
import { localStack, productionStack } from '../support/stacks.ts';
import { firedInstead, testRules } from './promtool.ts';

/** What a person reads; the rest of the annotations has no templates. */
const told = ['summary', 'detail', 'value', 'limit', 'description'] as const;

describe.each([localStack, productionStack])('what the alerts of $name say', (stack) => {
  const messages = messagesOf(installed, stack);

  test('is as recorded, for every scenario that fires', () => {
    expectGolden(`rules/${stack.name}.messages.yml`, stringify(messages, { lineWidth: 0 }));
  });

  test('is plain ASCII, complete and short enough for a subject', () => {
    for (const { alert, annotations } of messages) {
      const text = Object.values(annotations).join('\n');
      expect(text, alert).toMatch(/^[\x20-\x7e\n]+$/);
      expect(text, alert).not.toMatch(/error expanding|NaN|Inf|no value|\{\{|%!|\s,|,\s*\n|, \./);
      expect(`${annotations['summary']} | ${annotations['detail']}`.length, alert).toBeLessThan(100);
    }
  });

  test.each(generations)('is the same from Prometheus ($name)', (generation) => {
    expect(messagesOf(generation, stack)).toEqual(messages);
  });
});

interface Message {
  readonly alert: string;
  readonly when: string;
  readonly annotations: Labels;
}

/** promtool is told to expect nothing, and so reports what fires instead. */
function messagesOf({ promtool }: Generation, stack: Stack): readonly Message[] {
  return alerts.flatMap((alert) => {
    const firing = firingCases(stack, alert);
    const tests = firing.map((one) => alertTest(stack, { ...one, fires: [] }, [renderAlert(stack, alert)]));
    const fired = firedInstead(testRules(promtool, stack, [{ rules: [renderAlert(stack, alert)], tests }]));
    expect(fired.map((one) => one.alert)).toEqual(firing.map(() => alert.name));
    return fired.map(({ annotations }, index) => ({
      alert: alert.name,
      when: firing[index]?.title ?? '',
      annotations: Object.fromEntries(told.flatMap((name) => (annotations[name] ? [[name, annotations[name]]] : []))),
    }));
  });
}

function firingCases(stack: Stack, alert: Alert): readonly Case[] {
  const titles = alert.scenarios.filter(({ fires }) => fires.length > 0).map(({ title }) => title);
  return casesOf(stack, alert).filter(({ title }) => titles.includes(title));
}
