import type { PostedAlert } from './delivery.ts';

/** What Prometheus would send, and what then ends; times are fixed so that messages are. */
export interface MessageCase {
  readonly name: string;
  readonly alerts: readonly [PostedAlert, ...PostedAlert[]];
  /** What the recorded message has in its title, where others come before it. */
  readonly until?: string;
  /** Sent after the first message: the same alerts, ended. */
  readonly ended?: readonly PostedAlert[];
}

const startsAt = '2026-11-20T02:31:05Z';
const far = '2099-01-01T00:00:00Z';
const firing = { startsAt, endsAt: far };
const links = {
  runbook_url: 'http://127.0.0.1:19300/runbooks/BackupMissed',
  dashboard_url: 'https://grafana.example.com/d/lookout-backups?var-namespace=demo&var-backup=shop-database',
};
const missed = {
  labels: {
    alertname: 'BackupMissed',
    severity: 'critical',
    namespace: 'demo',
    backup: 'shop-database',
    environment: 'production',
  },
  annotations: {
    summary: 'backup shop-database missed',
    detail: 'last good 26h ago, due 02:00',
    description:
      'No complete artifact of shop-database has appeared since 19 Nov 02:00 UTC, though 0 2 * * * asks for one.',
    action: 'Read the log of the last backup run, mend its cause and start a run by hand.',
    value: '1 missed run',
    limit: '0 missed runs',
    object: 'backup',
    ...links,
  },
};

const tested = { ...missed, labels: { ...missed.labels, lookout_test: 'n0nce' } };

const slowInstance = (instance: string) => ({
  labels: { ...missed.labels, alertname: 'BackupSlow', severity: 'warning', instance },
  annotations: { ...missed.annotations, summary: `backup shop-database slow on ${instance}`, detail: 'takes 3h' },
});

export const cases: readonly MessageCase[] = [
  {
    name: 'missed',
    alerts: [{ ...missed, ...firing }],
    ended: [{ ...missed, startsAt, endsAt: '2026-11-20T05:41:45Z' }],
  },
  {
    name: 'two-in-one-group',
    until: '2 alerts',
    alerts: [
      { ...slowInstance('a:1'), ...firing },
      { ...slowInstance('b:1'), startsAt: '2026-11-20T03:00:00Z', endsAt: far },
    ],
    ended: [{ ...slowInstance('a:1'), startsAt, endsAt: '2026-11-20T03:30:00Z' }],
  },
  { name: 'bare', alerts: [{ labels: { alertname: 'OfTheUser' }, ...firing }] },
  {
    name: 'hostile',
    alerts: [
      {
        labels: {
          ...missed.labels,
          alertname: 'Hostile',
          severity: 'warning',
          backup: 'a&b=c <!here> (x|y) [z',
          environment: 'prod<b>',
        },
        annotations: {
          summary: 'backup a&b=c <!here> (x|y) [z\nBcc: all@example.com <b>missed</b>',
          detail: 'Gr\u00f6\u00dfe <!channel>',
          description: '<script>alert(1)</script> <!channel> *bold* _slanted_ `code` ~gone~ & snake_case 0 2 * * *',
          action: '<img src=x onerror=alert(1)> "quoted" \'single\'',
          value: '<b>1</b>',
          object: 'backup',
          runbook_url: 'javascript:alert(1)',
          dashboard_url: 'http://grafana.example.com/d/x?a="><script>|<!here>&b=1',
        },
        ...firing,
      },
    ],
  },
  {
    name: 'test',
    alerts: [{ ...tested, startsAt: '2026-11-16T00:31:05Z', endsAt: far }],
    ended: [{ ...tested, startsAt: '2026-11-16T00:31:05Z', endsAt: '2026-11-20T05:41:45Z' }],
  },
];
