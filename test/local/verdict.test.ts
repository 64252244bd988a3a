import { expect, test } from 'vitest';
import { alertPath } from '../../provision/checks/watchdog.ts';
import type { LocalStatus } from '../../provision/local/status/types.ts';
import { verdict } from '../../provision/local/status/verdict.ts';
import { firing, now, part, well } from './status-fixture.ts';

const pending = { ...firing, state: 'pending' as const };
const cases: readonly (readonly [string, Partial<LocalStatus>, string, string])[] = [
  [
    'everything is in order',
    {},
    'good',
    'All is well: 1 backup is on time, 1 volume has room, 1 certificate is valid.',
  ],
  ['nothing is watched', { backups: [], volumes: [], certificates: [] }, 'good', 'All is well.'],
  [
    'parts are starting',
    { parts: [part('prometheus', { phase: 'waiting' }), part('alertmanager')], alertPath: { state: 'unknown' } },
    'busy',
    'Starting: 1 of 2 parts are healthy; Prometheus to come.',
  ],
  [
    'the alert path is not proven yet',
    { alertPath: { state: 'unknown' } },
    'busy',
    'All parts are healthy; the alert path is being proven.',
  ],
  [
    'a part keeps failing',
    { parts: [part('prometheus', { phase: 'restarting', state: 'restarting (2nd, exit 1, in 4 s)' })] },
    'bad',
    'Prometheus is restarting (2nd, exit 1, in 4 s).',
  ],
  [
    'the alert that always fires does not arrive, although another alert fires',
    { alertPath: { state: 'missing', reason: 'Alertmanager does not answer' }, alerts: [firing] },
    'bad',
    'No alert would reach you: Alertmanager does not answer.',
  ],
  ['an alert fires', { alerts: [firing] }, 'bad', 'Backup shop missed.'],
  [
    'a warning and another one fire',
    { alerts: [{ ...firing, severity: 'warning' }, firing] },
    'warning',
    'Backup shop missed, and 1 more alert fires.',
  ],
  [
    'an alert is explained by another',
    {
      alerts: [
        { ...firing, inhibited: true, summary: 'effect' },
        { ...firing, summary: 'cause' },
      ],
    },
    'bad',
    'Cause, and 1 more alert fires.',
  ],
  ['an alert is pending', { alerts: [pending] }, 'warning', 'Backup shop missed: an alert is pending.'],
  [
    'what fires is silenced',
    { alerts: [{ ...firing, silencedBy: ['1'] }] },
    'warning',
    'All is well: 1 backup is on time, 1 volume has room, 1 certificate is valid. 1 alert is silenced.',
  ],
  [
    'a backup is late',
    { backups: [{ ...well.backups[0]!, state: 'late', reason: 'due, not here yet' }] },
    'warning',
    'Backup shop: due, not here yet.',
  ],
  [
    'a target is down',
    { targets: [{ ...well.targets[0]!, up: false, error: 'refused' }] },
    'warning',
    'Target shop does not answer.',
  ],
  [
    'there are no figures yet',
    { volumes: [{ ...well.volumes[0]!, state: 'unknown' }] },
    'busy',
    'No figures yet of uploads.',
  ],
  [
    'it is stopping',
    { parts: [part('prometheus', { phase: 'stopping' }), part('alertmanager', { phase: 'stopped' })] },
    'busy',
    'Stopping: Prometheus still running.',
  ],
];

test.each(cases)('when %s, one sentence says so', (_title, changes, mood, sentence) => {
  expect(verdict({ ...well, ...changes })).toEqual({ mood, sentence });
});

const watchdog = (at: number) => [
  {
    labels: { alertname: 'Watchdog' },
    updatedAt: new Date(at).toISOString(),
    status: { silencedBy: [], inhibitedBy: [] },
  },
];

test('the alert path is proven by the latest arrival of the alert that always fires', () => {
  const times = { now, since: now - 600_000, repeat: 60 };
  expect(alertPath(watchdog(now - 50_000), times)).toEqual({ state: 'proven', at: now - 50_000 });
  expect(alertPath(watchdog(now - 181_000), times)).toMatchObject({ state: 'missing' });
  expect(alertPath([], times)).toMatchObject({ state: 'missing', reason: expect.stringContaining('Watchdog') });
  expect(alertPath(null, times)).toMatchObject({ state: 'missing', reason: 'Alertmanager does not answer' });
});

test('while it could not have arrived yet the alert path is unknown, not missing', () => {
  expect(alertPath([], { now, since: null, repeat: 60 })).toEqual({ state: 'unknown' });
  expect(alertPath([], { now, since: now - 100_000, repeat: 60 })).toEqual({ state: 'unknown' });
});
