import type { Logger } from 'pino';
import { browser } from './browser.ts';
import { pickJourney } from './journeys.ts';

export interface VisitorConfig {
  readonly shop: string;
  readonly requestsPerSecond: number;
}

const requestsPerJourney = 2.3;
const mostAtOnce = 12;

/**
 * Visits the shop until the signal: journeys begin at random times at a steady average rate, whether earlier ones have ended or not, as
 * real visitors do, but never more than 12 at once. Failures are what the shop's own metrics are about; here only their begin and end
 * are logged.
 */
export function visit(
  { shop, requestsPerSecond }: VisitorConfig,
  random: () => number,
  log: Logger,
  stop: AbortSignal,
): void {
  let atOnce = 0;
  let failing = false;
  const ask = browser(shop, stop);
  const begin = async () => {
    if (atOnce >= mostAtOnce) return;
    atOnce += 1;
    const failure = await pickJourney(random)(ask, random).then(() => undefined, String);
    atOnce -= 1;
    if (stop.aborted || failing === (failure !== undefined)) return;
    failing = failure !== undefined;
    if (failing) log.warn({ error: failure }, 'the shop fails its visitors');
    else log.info('the shop serves its visitors');
  };
  const next = () => {
    if (stop.aborted) return;
    const pause = (-Math.log(1 - random()) * requestsPerJourney * 1000) / requestsPerSecond;
    setTimeout(() => {
      void begin();
      next();
    }, pause).unref();
  };
  next();
}
