import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { scrape, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { mountShare, type Share, withoutFuse } from './support/mounts.ts';
import { openssl } from './support/openssl.ts';
import { isWaiting, startProcess } from './support/process.ts';

const reason = withoutFuse();

describe.skipIf(reason !== undefined)(
  `a mount whose server does not answer${reason === undefined ? '' : ` (${reason})`}`,
  () => {
    let folder: string;
    let share: Share;

    beforeEach(async () => {
      folder = temporaryFolder();
      const served = join(folder, 'served');
      mkdirSync(served);
      writeFileSync(join(served, 'file'), 'content');
      mkdirSync(join(folder, 'local'));
      openssl(folder).selfSigned({ name: 'shop', names: 'DNS:shop.test' });
      share = await mountShare(folder, served);
    });

    const declared = () => ({
      interval: 0.5,
      deadline: 1,
      volumes: [
        { name: 'far', namespace: 'shop', directory: share.point, requested: null },
        { name: 'near', namespace: 'shop', directory: join(folder, 'local'), requested: null },
      ],
      certificateFiles: [
        { name: 'shop', path: join(folder, 'shop.pem') },
        { name: 'far-certificate', path: join(share.point, 'certificate.pem') },
      ],
    });

    test('hangs at the first reading: everything else is read again and again, and one process waits for it', async () => {
      share.hang();
      const exporter = await startProcess(folder, declared());
      const hung = async () =>
        (await scrape(exporter.url)).value('lookout_source_hung_since_timestamp_seconds', { source: 'far' });
      await until(async () => ((await hung()) ?? 0) > 0);

      const first = await scrape(exporter.url);
      expect(first.value('lookout_source_up', { source: 'far' })).toBe(0);
      expect(first.value('lookout_volume_unmeasured', { claim: 'far', reason: 'timeout' })).toBe(1);
      expect(first.value('lookout_source_up', { source: 'near' })).toBe(1);
      expect(first.value('lookout_source_up', { source: 'shop' })).toBe(1);
      const measured = (result: typeof first) =>
        result.value('lookout_volume_measured_timestamp_seconds', { claim: 'near' })!;
      for (let more = 1; more <= 3; more += 1) {
        const last = measured(await scrape(exporter.url));
        await until(async () => measured(await scrape(exporter.url)) > last);
        expect(exporter.children().filter(isWaiting)).toHaveLength(1);
      }
      await until(async () => (await fetch(`${exporter.url}/readyz`)).ok);
      expect(await exporter.terminate()).toBe(0);
    });

    test('hangs later and comes back: the last time of measurement stays known meanwhile', async () => {
      const exporter = await startProcess(folder, declared());
      const state = () => scrape(exporter.url);
      await until(async () => (await state()).value('lookout_source_up', { source: 'far' }) === 1);
      share.hang();
      await until(
        async () => ((await state()).value('lookout_source_hung_since_timestamp_seconds', { source: 'far' }) ?? 0) > 0,
      );
      const hung = await state();
      expect(hung.value('lookout_volume_measured_timestamp_seconds', { claim: 'far' })).toBeGreaterThan(0);
      const since = hung.value('lookout_source_hung_since_timestamp_seconds', { source: 'far' })!;
      expect(Math.abs(Date.now() / 1000 - since)).toBeLessThan(30);
      await until(
        async () => (await state()).value('lookout_volume_used_bytes', { claim: 'far', scope: 'volume' }) === undefined,
      );

      share.recover();
      await until(async () => (await state()).value('lookout_source_up', { source: 'far' }) === 1);
      expect((await state()).value('lookout_source_hung_since_timestamp_seconds', { source: 'far' })).toBe(0);
      expect(await exporter.terminate()).toBe(0);
    });

    test('hangs during a reading when the program is to stop: it stops', async () => {
      share.hang();
      const exporter = await startProcess(folder, { ...declared(), deadline: 600 });
      await until(() => exporter.children().some(isWaiting));
      expect(await exporter.terminate()).toBe(0);
    });
  },
);
