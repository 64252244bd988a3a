import { describe, expect, test } from 'vitest';
import { dashboards } from '../../dashboards/index.ts';
import { above } from '../../dashboards/kit/thresholds.ts';
import { panelsOf, targetsOf } from '../../dashboards/lint/parts.ts';
import type { Panel } from '../../dashboards/types.ts';
import { alerts, thresholdOf } from '../../rules/index.ts';
import type { Alert } from '../../rules/types.ts';
import type { Stack } from '../../stack/types.ts';
import { localStack, productionStack, telemetryStack } from '../support/stacks.ts';

function panelOf(stack: Stack, { panel: { dashboard, panel } }: Alert): Panel | undefined {
  const found = dashboards(stack).find(({ uid }) => uid === dashboard);
  return found && panelsOf(found).find(({ title }) => title === panel);
}

/** Numbers that a panel draws or computes with. */
function shows(panel: Panel, value: number): boolean {
  const steps = panel.fieldConfig?.defaults.thresholds?.steps.map((step) => step.value) ?? [];
  const inQueries = targetsOf(panel).flatMap(({ expr }) => expr.match(/(?<![\w.])\d+(\.\d+)?(?![\w.])/g) ?? []);
  return [...steps, ...inQueries.map(Number)].includes(value);
}

describe.each([localStack, productionStack, telemetryStack])('the alerts of $name', (stack) => {
  const possible = alerts.filter(({ impossible }) => impossible?.(stack) === undefined);

  test.each(possible.map((alert) => [alert.name, alert] as const))('%s has the panel that it names', (_name, alert) =>
    expect(panelOf(stack, alert), `${alert.panel.dashboard}: ${alert.panel.panel}`).toBeDefined(),
  );

  test.each(possible.filter(({ threshold }) => threshold !== null).map((alert) => [alert.name, alert] as const))(
    '%s has its threshold on that panel, wherever it is set',
    (name, alert) => {
      const moved: Stack = { ...stack, alerts: { [name]: { threshold: 17 } } };
      for (const one of [stack, moved]) {
        const threshold = thresholdOf(one, name)!;
        const drawn = [threshold.value, above(threshold)[1]!.value!];
        expect(drawn.some((value) => shows(panelOf(one, alert)!, value))).toBe(true);
      }
    },
  );
});
