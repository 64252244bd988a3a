import { closest, distance } from 'fastest-levenshtein';
import type { AlertOverride, Stack } from '../stack/types.ts';
import type { Alert } from './types.ts';

/** A mistake in the section `alerts` of an environment, at its place below the document. */
export interface OverrideProblem {
  readonly path: string;
  readonly message: string;
}

/** Overrides of alerts that do not exist, of thresholds that an alert does not have, and in another unit than its own. */
export function overrideProblems(stack: Stack, alerts: readonly Alert[]): readonly OverrideProblem[] {
  return Object.entries(stack.alerts).flatMap(([name, override]) => {
    const alert = alerts.find((one) => one.name === name);
    if (alert === undefined) return [{ path: `alerts.${name}`, message: unknown(name, alerts) }];
    const message = thresholdProblem(alert, override);
    return message === undefined ? [] : [{ path: `alerts.${name}.threshold`, message }];
  });
}

function thresholdProblem({ name, threshold }: Alert, override: AlertOverride): string | undefined {
  if (override.threshold === undefined) return undefined;
  if (threshold === null) return `${name} has no threshold; it allows for, severity and enabled`;
  return fits(threshold.unit, override.threshold, override.thresholdUnit)
    ? undefined
    : `the limit of ${name} is ${expected[threshold.unit] ?? expected['short']}`;
}

const expected: Readonly<Record<string, string>> = {
  percentunit: 'a share up to 100%, such as 90%',
  s: 'a duration with its unit, such as 30s or 7d',
  bytes: 'a size, such as 5Gi',
  short: 'a plain number, such as 2',
};

/** A plain number stands for a share from 0 to 1, and for nothing else with a unit than 0: 7 could be seconds or days. */
function fits(unit: string, value: number, written: AlertOverride['thresholdUnit']): boolean {
  if (unit === 'percentunit') return (written ?? unit) === unit && value >= 0 && value <= 1;
  if (unit === 's' || unit === 'bytes') return written === unit || (written === undefined && value === 0);
  return written === undefined;
}

function unknown(name: string, alerts: readonly Alert[]): string {
  const names = alerts.map((alert) => alert.name);
  const nearest = closest(name, names);
  const hint =
    distance(name, nearest) <= name.length / 2 ? `, did you mean ${nearest}?` : `; there are ${names.join(', ')}`;
  return `there is no alert ${name}${hint}`;
}
