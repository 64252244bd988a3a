import type { LocalStatus } from '../../provision/local/status/types.ts';
import type { PartState } from '../../provision/local/types.ts';

export const now = Date.parse('2026-11-21T02:00:00Z');

export function part(name: string, changes: Partial<PartState> = {}): PartState {
  return {
    name,
    title: name.charAt(0).toUpperCase() + name.slice(1),
    phase: 'healthy',
    state: changes.phase ?? 'healthy',
    reason: null,
    pid: 100,
    since: now - 60_000,
    healthyAt: now - 59_000,
    restarts: 0,
    lastExit: null,
    residentBytes: 64 * 1024 ** 2,
    addresses: [],
    ...changes,
  };
}

/** A stack in which all is well. */
export const well: Omit<LocalStatus, 'verdict'> = {
  stack: 'local',
  timezone: 'UTC',
  now,
  startedAt: now - 60_000,
  state: '/state',
  notes: [],
  parts: [part('prometheus'), part('alertmanager')],
  supervisor: { pid: 1, residentBytes: 100 * 1024 ** 2 },
  alertPath: { state: 'proven', at: now - 4000 },
  alerts: [],
  targets: [{ job: 'shop', address: 'http://127.0.0.1:1/', up: true, error: null, lastScrape: now }],
  backups: [
    {
      name: 'shop',
      state: 'up',
      reason: null,
      lastGood: now - 3_600_000,
      nextExpected: now + 82_800_000,
      artifacts: 7,
      sizeBytes: 1024,
      directory: '/backups',
    },
  ],
  volumes: [
    {
      name: 'uploads',
      namespace: 'demo',
      state: 'up',
      reason: null,
      usedBytes: 512,
      limitBytes: 1024,
      measured: now,
      directory: '/uploads',
    },
  ],
  certificates: [
    { name: 'web', state: 'up', reason: null, notBefore: now - 1000, notAfter: now + 1000, place: '/web.pem' },
  ],
  silences: [],
  messages: null,
  incidents: null,
  addresses: [],
  credentials: [{ name: 'scrape-token', place: '/state/credentials/scrape-token' }],
};

export const firing: LocalStatus['alerts'][number] = {
  name: 'BackupMissed',
  severity: 'critical',
  state: 'firing',
  summary: 'backup shop missed',
  detail: 'last good 26h ago',
  description: 'It is missing.',
  action: 'Read the log.',
  activeAt: now - 30_000,
  hold: 20,
  labels: { alertname: 'BackupMissed', backup: 'shop', namespace: 'demo', severity: 'critical' },
  runbook: 'http://127.0.0.1:1/runbooks/BackupMissed',
  dashboard: null,
  silencedBy: [],
  inhibited: false,
};
