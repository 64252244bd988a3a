import { watchdog } from '../../../notifications/types.ts';
import type { Stack } from '../../../stack/types.ts';
import { json, prometheusData, type Service } from '../../checks/service.ts';
import { type AlertPath, alertPath, resendDelay } from '../../checks/watchdog.ts';

/** Who sends alerts and who takes them. */
export interface Path {
  /** None where they are out of reach. */
  readonly prometheuses: readonly Service[];
  readonly alertmanagers: readonly Service[];
}

/**
 * Whether alerts arrive in each Alertmanager: of several the worst counts.
 * @param now Milliseconds since the epoch.
 */
export async function clusterAlertPath(path: Path, { namespace }: Stack, now: number): Promise<AlertPath> {
  const started = await Promise.all(path.prometheuses.map(startOfPrometheus));
  const found = await Promise.all(
    path.alertmanagers.map(async (alertmanager) => {
      const { uptime } = await json<{ readonly uptime: string }>(alertmanager, '/api/v2/status');
      const since = Math.max(Date.parse(uptime), ...started);
      return alertPath(await watchdogsOf(alertmanager, namespace), { now, since, repeat: resendDelay });
    }),
  );
  const worst = (['missing', 'unknown', 'proven'] as const).find((state) => found.some((each) => each.state === state));
  return found.find(({ state }) => state === worst) ?? { state: 'unknown' };
}

/** Milliseconds since the epoch; one that does not answer makes nobody wait. */
async function startOfPrometheus(prometheus: Service): Promise<number> {
  const asked = prometheusData<{ startTime: string }>(prometheus, '/api/v1/status/runtimeinfo');
  return asked.then(({ startTime }) => Date.parse(startTime)).catch(() => 0);
}

/** Others may have one of this name. */
function watchdogsOf(alertmanager: Service, namespace: string) {
  const filters = [`alertname="${watchdog}"`, `namespace="${namespace}"`];
  const query = filters.map((filter) => `filter=${encodeURIComponent(filter)}`).join('&');
  return json<readonly { labels: Readonly<Record<string, string>>; updatedAt: string }[]>(
    alertmanager,
    `/api/v2/alerts?${query}`,
  );
}
