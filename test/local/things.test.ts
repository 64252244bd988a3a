import { expect, test } from 'vitest';
import { series } from '../../provision/local/status/series.ts';
import { backupViews, certificateViews, volumeViews } from '../../provision/local/status/things.ts';
import { localStack } from '../support/stacks.ts';
import { firing, now } from './status-fixture.ts';

type Figures = readonly (readonly [string, Readonly<Record<string, string>>, number])[];

const seconds = now / 1000;
const vector = (figures: Figures) =>
  series(
    figures.map(([name, labels, value]) => ({
      metric: { __name__: `lookout_${name}`, namespace: 'demo', ...labels },
      value: [seconds, String(value)],
    })),
  );
const evidence = (figures: Figures, alerts = [] as readonly (typeof firing)[]) => ({
  series: vector(figures),
  alerts,
  now,
});

const backup = { backup: 'shop-database' };
const onTime: Figures = [
  ['backup_last_complete_timestamp_seconds', backup, seconds - 30],
  ['backup_next_expected_timestamp_seconds', backup, seconds + 30],
  ['backup_expected_interval_seconds', backup, 60],
  ['backup_missed_runs', backup, 0],
  ['backup_artifacts', { ...backup, state: 'complete' }, 7],
  ['source_up', { collector: 'backups', source: 'shop-database' }, 1],
];
const changed = (name: string, value: number): Figures =>
  onTime.map(([family, labels, old]) => [family, labels, family === name ? value : old]);
const viewOf = (figures: Figures, alerts = [] as readonly (typeof firing)[]) =>
  backupViews(localStack, evidence(figures, alerts))[0];

test('a backup is up while its last good one is not older than the last scheduled time', () => {
  expect(viewOf(onTime)).toMatchObject({
    state: 'up',
    reason: null,
    lastGood: now - 30_000,
    nextExpected: now + 30_000,
    artifacts: 7,
  });
});

test('a backup is late from its scheduled minute on, and says how many runs were missed', () => {
  expect(viewOf(changed('backup_last_complete_timestamp_seconds', seconds - 45))).toMatchObject({
    state: 'late',
    reason: 'due, not here yet',
  });
  expect(viewOf(changed('backup_missed_runs', 2))).toMatchObject({ state: 'late', reason: '2 runs missed' });
});

test('a backup without any complete artifact was never good', () => {
  const view = viewOf(changed('backup_last_complete_timestamp_seconds', 0));
  expect(view).toMatchObject({ state: 'late', reason: 'no complete artifact yet', lastGood: null });
});

test('an alert about it settles the state of a thing: late while pending, down when it fires', () => {
  const about = { ...firing, labels: { backup: 'shop-database' } };
  expect(viewOf(onTime, [about])).toMatchObject({ state: 'down', reason: 'last good 26h ago' });
  expect(viewOf(onTime, [{ ...about, state: 'pending' }])).toMatchObject({ state: 'late' });
  expect(viewOf(onTime, [{ ...about, labels: { backup: 'other' } }])).toMatchObject({ state: 'up' });
});

test('what cannot be read tells the reason in words, and what has no figures is unknown', () => {
  const source = { collector: 'backups', source: 'shop-database' };
  const unread: Figures = [
    ['source_up', source, 0],
    ['source_errors_total', { ...source, reason: 'permission_denied' }, 3],
  ];
  expect(viewOf(unread)).toMatchObject({ state: 'late', reason: 'permission denied' });
  expect(viewOf([])).toMatchObject({ state: 'unknown', reason: 'no figures yet', lastGood: null });
});

test('a volume is measured against its declared size, else against its file system', () => {
  const claim = { claim: 'shop-uploads', claim_namespace: 'demo' };
  const figures: Figures = [
    ['volume_used_bytes', { ...claim, method: 'statfs', scope: 'filesystem' }, 999],
    ['volume_used_bytes', { ...claim, method: 'walk', scope: 'volume' }, 1024],
    ['volume_capacity_bytes', { ...claim, method: 'statfs', scope: 'filesystem' }, 5000],
  ];
  const [declared] = volumeViews(localStack, evidence(figures));
  expect(declared).toMatchObject({ state: 'up', usedBytes: 1024, limitBytes: 64 * 1024 ** 2 });
  const open = { ...localStack, volumes: localStack.volumes.map((volume) => ({ ...volume, requested: null })) };
  expect(volumeViews(open, evidence(figures))[0]).toMatchObject({ limitBytes: 5000 });
  const unmeasured: Figures = [['volume_unmeasured', { ...claim, reason: 'not_a_directory' }, 1]];
  expect(volumeViews(localStack, evidence(unmeasured))[0]).toMatchObject({ state: 'late', reason: 'not a directory' });
});

test('a certificate is late when it is expired, not trusted, not served or another than declared', () => {
  const certificate = { certificate: 'shop-web-endpoint' };
  const leaf = { ...certificate, source: 'endpoint', chain_position: 'leaf' };
  const good: Figures = [['certificate_not_after_timestamp_seconds', leaf, seconds + 86_400]];
  const view = (...more: Figures) =>
    certificateViews(localStack, evidence([...more, ...good])).find(({ name }) => name === 'shop-web-endpoint');
  expect(view()).toMatchObject({ state: 'up', notAfter: now + 86_400_000, place: '127.0.0.1:19302' });
  expect(view(['certificate_trusted', certificate, 0])).toMatchObject({ state: 'late', reason: 'not trusted' });
  expect(view(['certificate_handshake_success', certificate, 0])).toMatchObject({ reason: 'no TLS handshake' });
  expect(view(['certificate_served_matches_stored', { ...certificate, stored: 'shop-web' }, 0])?.reason).toContain(
    'another certificate',
  );
  expect(view(['certificate_not_after_timestamp_seconds', leaf, seconds - 1])).toMatchObject({ reason: 'expired' });
});
