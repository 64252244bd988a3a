import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { runExporterIn, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { withoutMount } from './support/mounts.ts';
import { openssl } from './support/openssl.ts';

const reason = withoutMount();
const day = 86_400;

test.skipIf(reason !== undefined)(
  `a mount that disappears is not taken for the empty directory below it, and is read again when it returns${reason === undefined ? '' : ` (${reason})`}`,
  async () => {
    const folder = temporaryFolder();
    const [served, point] = [join(folder, 'served'), join(folder, 'point')];
    for (const directory of [served, point]) mkdirSync(directory);
    for (const name of ['shop_20260101_020000.gz', 'shop_20260102_020000.gz']) dump(join(served, name));
    openssl(served).selfSigned({ name: 'shop', names: 'DNS:shop.test' });
    const mount = () => execFileSync('mount', ['--bind', served, point]);
    mount();
    onTestFinished(() => void spawnSync('umount', ['--lazy', point]));

    const exporter = await runExporterIn(folder, declared(point));
    const sources = ['shop-dumps', 'uploads', 'shop'];
    const up = async () => {
      const { value } = await exporter.scrape();
      return sources.map((source) => value('lookout_source_up', { source })).join(' ');
    };
    await until(async () => (await up()) === '1 1 1');
    const before = await exporter.scrape();
    const last = before.value('lookout_backup_last_complete_timestamp_seconds', { backup: 'shop-dumps' });
    expect(last).toBe(Date.UTC(2026, 0, 2, 2) / 1000);

    execFileSync('umount', [point]);
    await until(async () => (await up()) === '0 0 0');
    const gone = await exporter.scrape();
    for (const source of sources)
      expect(gone.value('lookout_source_errors_total', { source, reason: 'not_mounted' })).toBeGreaterThan(0);
    expect(gone.value('lookout_backup_last_complete_timestamp_seconds')).toBe(last);
    expect(gone.value('lookout_certificate_not_after_timestamp_seconds')).toBe(
      before.value('lookout_certificate_not_after_timestamp_seconds'),
    );
    const [explained] = (await exporter.explain()).filter(({ source }) => source === 'shop-dumps');
    expect(explained?.message).toContain(`${point} is not mounted any more`);
    const used = { claim: 'uploads', scope: 'volume' };
    await until(async () => (await exporter.scrape()).value('lookout_volume_used_bytes', used) === undefined);

    mount();
    await until(async () => (await up()) === '1 1 1');
    const back = await exporter.scrape();
    expect(back.value('lookout_backup_artifacts', { state: 'complete' })).toBe(2);
    expect(back.value('lookout_backup_deleted_early_total'), 'nothing was deleted').toBe(0);
  },
);

function dump(path: string): void {
  writeFileSync(path, gzipSync('content'));
  utimesSync(path, Date.now() / 1000 - day, Date.now() / 1000 - day);
}

function declared(point: string) {
  return {
    interval: 0.3,
    volumes: [{ name: 'uploads', namespace: 'shop', directory: point, requested: null }],
    certificateFiles: [{ name: 'shop', path: join(point, 'shop.pem') }],
    backups: [
      {
        name: 'shop-dumps',
        directory: point,
        pattern: 'shop_%Y%m%d_%H%M%S.gz',
        engine: 'files' as const,
        schedule: null,
        timezone: 'UTC',
        clock: 'UTC',
        expectedInterval: day,
        grace: 60,
        settle: 1,
        retention: { age: 3650 * day, tolerance: day, floor: 1 },
        ignore: [],
      },
    ],
  };
}
