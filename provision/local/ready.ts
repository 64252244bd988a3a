import { setTimeout as sleep } from 'node:timers/promises';
import { askJson, askPrometheus, queryVector, whenAnswering } from './status/ask.ts';
import { askTargets } from './status/targets.ts';
import type { PartClients } from './types.ts';

export interface Readiness {
  /** Targets that answer, of all. */
  readonly up: number;
  readonly targets: number;
}

const poll = 200;
/** Polls for which the first target that answers waits for the others, whose first scrape is spread over the interval. */
const company = 10;

/** Fulfilled when the stack does its work: a query, a target and Alertmanager have answered; null when `stop` came first. */
export async function untilReady(clients: PartClients, stop: AbortSignal): Promise<Readiness | null> {
  for (let answered = 0; !stop.aborted; await sleep(poll)) {
    const found = await whenAnswering(() => lookAround(clients), null);
    if (found === null || found.up === 0) continue;
    answered += 1;
    if (found.waiting === 0 || answered > company) return { up: found.up, targets: found.targets };
  }
  return null;
}

async function lookAround({ prometheus, alertmanager }: PartClients) {
  const scraped = await queryVector(prometheus, 'up');
  const targets = await askTargets(prometheus);
  const { activeAlertmanagers } = await askPrometheus<{ readonly activeAlertmanagers: readonly unknown[] }>(
    prometheus,
    '/api/v1/alertmanagers',
  );
  await askJson(alertmanager, '/api/v2/status');
  if (activeAlertmanagers.length === 0 || scraped.length === 0) return null;
  return {
    up: targets.filter(({ up }) => up).length,
    targets: targets.length,
    waiting: targets.filter(({ up, error }) => !up && error === null).length,
  };
}
