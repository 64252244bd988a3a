import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { alerts, runbook } from '../../rules/index.ts';
import { runbookIndex, runbookText } from '../../rules/runbooks.ts';
import type { Stack } from '../../stack/types.ts';
import { expectFile } from '../support/golden.ts';
import { localStack, productionStack } from '../support/stacks.ts';

const docs = resolve(import.meta.dirname, '../../docs/runbooks');

describe('docs/runbooks', () => {
  test('lists every alert with its defaults', () =>
    expectFile(join(docs, 'README.md'), runbookIndex(productionStack, alerts)));

  test.each(alerts)('has the page of $name', (alert) => {
    expectFile(join(docs, `${alert.name}.md`), `# ${alert.name}\n\n${runbookText(productionStack, alert)}\n`);
  });

  test('has no page of an alert that does not exist', () => {
    const names = ['README', ...alerts.map(({ name }) => name)].map((name) => `${name}.md`);
    expect(readdirSync(docs).sort()).toEqual(names.sort());
  });
});

describe('a runbook on a stack', () => {
  test('has the values in force there and what is declared there', () => {
    const stack: Stack = { ...localStack, alerts: { VolumeFullX: {}, VolumeFillingUp: { threshold: 0.7, for: 30 } } };
    const page = runbook(stack, 'VolumeFillingUp') ?? '';
    expect(page).toContain('- Limit: 70% (`alerts.VolumeFillingUp.threshold`)');
    expect(page).toContain('- Holds for: 30s');
    expect(page).toContain('- `shop-uploads`: `/state/demo/uploads`');
    expect(page).not.toContain('Not in force');
  });

  test('says why its alert is left out', () => {
    expect(runbook({ ...localStack, volumes: [] }, 'VolumeFillingUp')).toContain(
      '> Not in force here: no volume declares its size.',
    );
  });

  test('does not exist for a name that is no alert', () => expect(runbook(localStack, 'Nothing')).toBeUndefined());

  test.each(alerts)(
    '$name begins with something to do, in whole sentences',
    ({ runbook: { means, steps }, action }) => {
      for (const text of [means, action]) expect(text).toMatch(/^[A-Z].*\.$/);
      expect(steps.length).toBeGreaterThan(0);
      for (const step of steps) expect(step).toMatch(/[.)`]$/);
    },
  );
});
