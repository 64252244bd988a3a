import { jobFault } from './faults.ts';
import { certificateTarget } from './targets.ts';
import type { IncidentDefinition } from './types.ts';

const daysLeft = 3;
const day = 86_400;

export const certificateExpiring: IncidentDefinition = {
  name: 'certificate-expiring',
  title: 'A certificate is about to expire',
  what: `Lets the authority issue the shop's web certificate for ${daysLeft} days only and stops its renewal; the shop serves it at once.`,
  alerts: ['CertificateExpiringSoon'],
  messages:
    'A mail and a Slack message each for the file and for the endpoint that serves it, with the day on which it ends.',
  undo: 'Puts the former certificate and its key back and lets renewals happen again.',
  target: certificateTarget,
  operations: ({ paths }) => [
    jobFault(paths, { renewalPaused: ['shop-web'] }),
    {
      kind: 'reissue',
      directory: paths.certificates,
      name: 'shop-web',
      dnsNames: ['shop.test', 'localhost'],
      days: daysLeft,
    },
  ],
  sight: (world) => ({
    by: 'exporter',
    family: 'lookout_certificate_not_after_timestamp_seconds',
    labels: { certificate: certificateTarget(world)?.name ?? '', chain_position: 'leaf' },
    shows: (value) => value < world.now / 1000 + (daysLeft + 1) * day,
  }),
  estimate: ({ stack: { intervals, pace } }) => {
    const seen = intervals.collection + intervals.scrape;
    return { seen, hold: 300 / pace, recovered: seen, inactive: 0 };
  },
};
