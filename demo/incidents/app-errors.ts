import { shopFault } from './faults.ts';
import { shopTarget } from './targets.ts';
import type { IncidentDefinition } from './types.ts';

const errorShare = 0.3;

export const appErrors: IncidentDefinition = {
  name: 'app-errors',
  title: 'The shop fails',
  what: `Makes ${errorShare * 100}% of the requests to the shop fail with 500.`,
  alerts: ['ApplicationErrors'],
  messages: 'A mail and a Slack message that say which share of the requests fails.',
  undo: 'Lets every request succeed again.',
  target: shopTarget,
  operations: ({ paths }) => [shopFault(paths, { errorShare })],
  sight: ({ stack }) => ({
    by: 'prometheus',
    query: `sum(rate(http_request_duration_seconds_count{application="shop",status_code=~"5.."}[${4 * stack.intervals.scrape}s])) > 0`,
  }),
  estimate: ({ stack: { intervals, pace } }) => ({
    seen: 4 * intervals.scrape,
    hold: 300 / pace,
    recovered: 6 * intervals.scrape,
    inactive: intervals.rateWindow,
  }),
};
