import { closest, distance } from 'fastest-levenshtein';
import type { Stack } from '../stack/types.ts';
import type { Alert } from './types.ts';

/** A mistake in the section `alerts` of an environment, at its place below the document. */
export interface OverrideProblem {
  readonly path: string;
  readonly message: string;
}

/** Overrides of alerts that do not exist, and of thresholds that an alert does not have. */
export function overrideProblems(stack: Stack, alerts: readonly Alert[]): readonly OverrideProblem[] {
  return Object.entries(stack.alerts).flatMap(([name, override]) => {
    const alert = alerts.find((one) => one.name === name);
    if (alert === undefined) return [{ path: `alerts.${name}`, message: unknown(name, alerts) }];
    if (override.threshold === undefined || alert.threshold !== null) return [];
    return [
      { path: `alerts.${name}.threshold`, message: `${name} has no threshold; it allows for, severity and enabled` },
    ];
  });
}

function unknown(name: string, alerts: readonly Alert[]): string {
  const names = alerts.map((alert) => alert.name);
  const nearest = closest(name, names);
  const hint =
    distance(name, nearest) <= name.length / 2 ? `, did you mean ${nearest}?` : `; there are ${names.join(', ')}`;
  return `there is no alert ${name}${hint}`;
}
