import { describe, expect, test } from 'vitest';
import { backups } from '../../../exporter/collectors/backups/collector.ts';
import type { BackupReading } from '../../../exporter/collectors/backups/model.ts';
import { artifactStates, backupChecks, backupMetrics } from '../../../exporter/metrics/backup.ts';
import type { State } from '../../../exporter/model/reading.ts';
import { at, noon, workspace } from './workspace.ts';

const source = {
  name: 'shop-database',
  directory: '/backups',
  pattern: 'shop_%Y%m%d.sql',
  engine: 'sqlite',
  schedule: '0 3 * * *',
  timezone: 'Europe/Berlin',
  clock: 'UTC',
  expectedInterval: null,
  grace: 600,
  settle: 60,
  retention: { age: 86_400, tolerance: 3600, floor: 2 },
  ignore: [],
  others: ['by-hand*'],
} as const;

/** The samples as `family{label} value` without their prefix, and without the label that all have. */
function samples(state: Partial<State<BackupReading>>, now = noon): readonly string[] {
  const whole: State<BackupReading> = { reading: null, fresh: true, problem: null, hungSince: 0, ...state };
  return [...backups.samples(source, whole), ...(backups.live?.(source, whole, now) ?? [])].map(
    ({ family, labels, value }) => {
      const others = Object.entries(labels).filter(([name]) => name !== 'backup');
      const text = others.map(([name, label]) => `${name}="${label}"`).join(',');
      return `${family.name.replace('lookout_backup_', '')}${text && `{${text}}`} ${value}`;
    },
  );
}

function reading(): BackupReading {
  const { write, read } = workspace(source);
  write('shop_20261119.sql', 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCOMMIT;\n');
  write('shop_20261120.sql', 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n');
  write('readme.txt');
  write('by-hand.sql');
  return read(noon);
}

describe('a declared backup', () => {
  test('that was read shows what is known of it', () => {
    expect(samples({ reading: reading() })).toEqual([
      'info{engine="sqlite",schedule="0 3 * * *",timezone="Europe/Berlin",directory="/backups"} 1',
      `last_complete_timestamp_seconds ${at('2026-11-19T00:00:00Z')}`,
      `last_written_timestamp_seconds ${noon - 86_400}`,
      `oldest_timestamp_seconds ${at('2026-11-19T00:00:00Z')}`,
      'retention_seconds 90000',
      `last_verified_timestamp_seconds ${noon}`,
      'deleted_early_total 0',
      'expected_interval_seconds 86400',
      `next_expected_timestamp_seconds ${at('2026-11-21T02:00:00Z')}`,
      'verified{check="readable"} 1',
      'verified{check="not_empty"} 1',
      'verified{check="header"} 1',
      'verified{check="trailer"} 0',
      'artifacts{state="complete"} 1',
      'artifacts{state="in_progress"} 0',
      'artifacts{state="incomplete"} 1',
      'artifacts{state="invalid"} 0',
      'artifacts{state="future"} 0',
      'artifacts{state="other"} 1',
      'artifacts{state="unrecognised"} 1',
      'missed_runs 1',
      'last_size_bytes 52',
      'median_size_bytes 52',
      'stored_bytes 96',
      'overkept_artifacts 0',
      `age_seconds ${36 * 3600}`,
    ]);
  });

  test('that was never read is present with zeros and an endless age, and without invented counts', () => {
    const problem = { reason: 'permission_denied', message: 'could not read /backups' } as const;
    expect(samples({ problem })).toEqual([
      'info{engine="sqlite",schedule="0 3 * * *",timezone="Europe/Berlin",directory="/backups"} 1',
      'last_complete_timestamp_seconds 0',
      'last_written_timestamp_seconds 0',
      'oldest_timestamp_seconds 0',
      'retention_seconds 90000',
      'last_verified_timestamp_seconds 0',
      'deleted_early_total 0',
      'age_seconds Infinity',
    ]);
  });

  test('that can no longer be read keeps its times and loses its sizes and counts', () => {
    const names = samples({ reading: reading(), fresh: false }).map((line) => line.replace(/[{ ].*/, ''));
    expect(names).toContain('last_complete_timestamp_seconds');
    expect(names).toContain('age_seconds');
    for (const gone of ['artifacts', 'missed_runs', 'last_size_bytes', 'stored_bytes'])
      expect(names).not.toContain(gone);
  });

  test('ages between two readings', () => {
    const known = reading();
    expect(samples({ reading: known }, noon + 15)).toContain(`age_seconds ${36 * 3600 + 15}`);
  });
});

test('samples have exactly the labels of their families, and states and checks from the closed sets', () => {
  const state: State<BackupReading> = { reading: reading(), fresh: true, problem: null, hungSince: 0 };
  const all = [...backups.samples(source, state), ...(backups.live?.(source, state, noon) ?? [])];
  for (const { family, labels } of all) expect(Object.keys(labels).toSorted()).toEqual([...family.labels].toSorted());
  expect(new Set(all.map(({ family }) => family))).toEqual(new Set(Object.values(backupMetrics)));
  const valuesOf = (label: string) => all.flatMap(({ labels }) => labels[label] ?? []);
  expect(artifactStates).toEqual(expect.arrayContaining(valuesOf('state')));
  expect(backupChecks).toEqual(expect.arrayContaining(valuesOf('check')));
});

test('what is explained names times and reasons, and leaves out the evidence', () => {
  const explained = backups.explain?.(reading());
  expect(explained).toMatchObject({
    newest: { path: 'shop_20261119.sql', time: '2026-11-19T00:00:00.000Z', written: '2026-11-19T12:00:00.000Z' },
    verification: {
      path: 'shop_20261120.sql',
      checks: { header: 'passed', trailer: expect.stringContaining('lacks its end') },
    },
    notes: [
      { path: 'shop_20261120.sql', state: 'incomplete', reason: 'trailer_missing' },
      { path: 'by-hand.sql', state: 'other', text: expect.stringContaining('another declared origin') },
      { path: 'readme.txt', state: 'unrecognised' },
    ],
  });
  expect(explained).not.toHaveProperty('evidence');
});
