import { shopFault } from './faults.ts';
import { shopTarget } from './targets.ts';
import type { IncidentDefinition } from './types.ts';

export const appDown: IncidentDefinition = {
  name: 'app-down',
  title: 'The shop is down',
  what: 'Closes the listeners of the shop: visitors, Prometheus and TLS clients are refused, while its process lives.',
  alerts: ['ApplicationDown', 'CertificateEndpointUnreachable'],
  messages:
    'A mail and a Slack message that say that the shop is down, and two more for its TLS endpoint; TargetDown is kept back.',
  undo: 'Opens the listeners again.',
  target: shopTarget,
  operations: ({ paths }) => [shopFault(paths, { down: true })],
  sight: () => ({ by: 'prometheus', query: 'up{application="shop"} == 0' }),
  estimate: ({ stack: { intervals, pace } }) => ({
    seen: 2 * intervals.scrape,
    hold: 120 / pace,
    recovered: 2 * intervals.scrape,
    inactive: 0,
  }),
};
