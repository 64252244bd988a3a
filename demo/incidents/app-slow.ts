import { shopFault } from './faults.ts';
import { shopTarget } from './targets.ts';
import type { IncidentDefinition } from './types.ts';

const queryDelay = 1.5;

export const appSlow: IncidentDefinition = {
  name: 'app-slow',
  title: 'The shop is slow',
  what: `Makes every database query of the shop take ${queryDelay} s longer, its connection held: the others queue for one.`,
  alerts: ['ApplicationSlow', 'DatabasePoolExhausted'],
  messages:
    'A mail and a Slack message that say how long requests take, and two more when the pool of connections has stayed full.',
  undo: 'Lets queries be quick again; who queues is served first.',
  target: shopTarget,
  operations: ({ paths }) => [shopFault(paths, { queryDelay })],
  sight: ({ stack }) => {
    const mean = (part: string) =>
      `sum(rate(db_query_duration_seconds_${part}{application="shop"}[${4 * stack.intervals.scrape}s]))`;
    return { by: 'prometheus', query: `${mean('sum')} / ${mean('count')} > ${queryDelay / 2}` };
  },
  estimate: ({ stack: { intervals, pace } }) => ({
    seen: queryDelay + 4 * intervals.scrape,
    hold: 300 / pace,
    recovered: queryDelay + 10 * intervals.scrape,
    inactive: intervals.rateWindow,
  }),
};
