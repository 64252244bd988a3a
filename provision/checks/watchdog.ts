import { watchdog } from '../../notifications/types.ts';

/** Seconds of production between two reminders to Alertmanager that an alert still fires; Prometheus' own default. */
export const resendDelay = 60;

/**
 * The alert that always fires goes from Prometheus to Alertmanager all the time. `missing`: it should have arrived and did
 * not, so no alert would reach anyone; `unknown`: the stack is still starting.
 */
export type AlertPath =
  | { readonly state: 'proven'; readonly at: number }
  | { readonly state: 'missing'; readonly reason: string }
  | { readonly state: 'unknown' };

/** What Alertmanager tells of an alert. Source: Alertmanager, api/v2/openapi.yaml, gettableAlert. */
interface Arrival {
  readonly labels: Readonly<Record<string, string>>;
  readonly updatedAt: string;
}

/**
 * Whether the alert that always fires has come through lately: within three of the intervals at which Prometheus repeats
 * it, `repeat` in seconds. `since`: from when on it could have come. What Prometheus sends before it has found Alertmanager is
 * lost, and an Alertmanager that starts knows of no alert: only the next repetition arrives.
 */
export function alertPath(
  told: readonly Arrival[] | null,
  { now, since, repeat }: { readonly now: number; readonly since: number | null; readonly repeat: number },
): AlertPath {
  const patience = 3 * Math.max(repeat, 5) * 1000;
  const at = Math.max(...(told ?? []).filter(isWatchdog).map(({ updatedAt }) => Date.parse(updatedAt)));
  if (now - at <= patience) return { state: 'proven', at };
  if (since === null || now - since <= patience) return { state: 'unknown' };
  if (told === null) return { state: 'missing', reason: 'Alertmanager does not answer' };
  return { state: 'missing', reason: `${watchdog}, the alert that always fires, has not reached Alertmanager` };
}

function isWatchdog({ labels }: Arrival): boolean {
  return labels['alertname'] === watchdog;
}
