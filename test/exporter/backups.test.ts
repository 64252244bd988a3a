import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { BackupSource } from '../../exporter/config.ts';
import { runExporterIn, scrape, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { mountShare, withoutFuse } from './support/mounts.ts';
import { startProcess } from './support/process.ts';

const dump = 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCOMMIT;\n';

function backup(name: string, directory: string): BackupSource {
  return {
    name,
    directory,
    pattern: 'shop_%Y%m%d_%H%M%S.sql.gz',
    engine: 'sqlite',
    schedule: '* * * * *',
    timezone: 'UTC',
    clock: 'UTC',
    expectedInterval: null,
    grace: 3600,
    settle: 0,
    retention: null,
    ignore: [],
  };
}

function nameAt(seconds: number): string {
  const digits = new Date(seconds * 1000).toISOString().replace(/\D/g, '');
  return `shop_${digits.slice(0, 8)}_${digits.slice(8, 14)}.sql.gz`;
}

test('the exporter shows a sound backup, a broken one and one whose directory is missing, each for itself', async () => {
  const folder = temporaryFolder();
  const now = Math.floor(Date.now() / 1000);
  for (const [name, text] of [
    ['sound', dump],
    ['broken', ''],
  ] as const) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, nameAt(now - 60)), gzipSync(text));
  }
  chmodSync(folder, 0o755);
  const declared = ['sound', 'broken', 'missing'].map((name) => backup(name, join(folder, name)));
  const exporter = await runExporterIn(folder, { backups: declared, interval: 1 });
  const { value } = await exporter.scrape();

  expect(value('lookout_backup_last_complete_timestamp_seconds', { backup: 'sound' })).toBe(now - 60);
  expect(value('lookout_backup_age_seconds', { backup: 'sound' })).toBeGreaterThanOrEqual(60);
  expect(value('lookout_backup_verified', { backup: 'sound', check: 'trailer' })).toBe(1);
  expect(value('lookout_backup_verified', { backup: 'broken', check: 'not_empty' })).toBe(0);
  expect(value('lookout_backup_age_seconds', { backup: 'broken' })).toBe(Number.POSITIVE_INFINITY);
  expect(value('lookout_source_up', { collector: 'backups', source: 'sound' })).toBe(1);
  expect(value('lookout_source_up', { collector: 'backups', source: 'missing' })).toBe(0);
  expect(value('lookout_backup_info', { backup: 'missing' })).toBe(1);

  const explained = await exporter.explain();
  expect(explained.find(({ source }) => source === 'missing')).toMatchObject({ reason: 'not_found' });
  expect(explained.find(({ source }) => source === 'broken')?.reading).toMatchObject({
    notes: [{ state: 'invalid', reason: 'empty' }],
  });

  writeFileSync(join(folder, 'broken', nameAt(now - 1)), gzipSync(dump));
  await until(async () => {
    const later = await exporter.scrape();
    return later.value('lookout_backup_last_complete_timestamp_seconds', { backup: 'broken' }) === now - 1;
  });
});

const noShare = withoutFuse();

test.skipIf(noShare !== undefined)(
  `a backup on a mount that hangs keeps its last known time and ages on${noShare === undefined ? '' : ` (${noShare})`}`,
  async () => {
    const folder = temporaryFolder();
    const now = Math.floor(Date.now() / 1000);
    for (const name of ['served', 'near']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, nameAt(now - 60)), gzipSync(dump));
    }
    const share = await mountShare(folder, join(folder, 'served'));
    const declared = [backup('far', share.point), backup('near', join(folder, 'near'))];
    const exporter = await startProcess(folder, { backups: declared, interval: 0.5, deadline: 1 });
    const far = async (name: string) => (await scrape(exporter.url)).value(name, { backup: 'far' });
    const lastComplete = 'lookout_backup_last_complete_timestamp_seconds';
    await until(async () => (await far(lastComplete)) === now - 60);

    share.hang();
    await until(async () => (await hungSince()) > 0);
    writeFileSync(join(folder, 'served', nameAt(now - 1)), gzipSync(dump));
    writeFileSync(join(folder, 'near', nameAt(now - 1)), gzipSync(dump));
    const near = async () => (await scrape(exporter.url)).value(lastComplete, { backup: 'near' });
    await until(async () => (await near()) === now - 1);
    expect(await far(lastComplete)).toBe(now - 60);
    const age = (await far('lookout_backup_age_seconds')) ?? 0;
    await until(async () => ((await far('lookout_backup_age_seconds')) ?? 0) > age);

    share.recover();
    await until(async () => (await far(lastComplete)) === now - 1);
    expect(await exporter.terminate()).toBe(0);

    async function hungSince(): Promise<number> {
      const { value } = await scrape(exporter.url);
      return value('lookout_source_hung_since_timestamp_seconds', { collector: 'backups', source: 'far' }) ?? 0;
    }
  },
);
