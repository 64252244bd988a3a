import { execFileSync } from 'node:child_process';
import { type Dirent, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findClaim } from '../../exporter/collectors/volumes/local-path.ts';
import { realFiles } from '../../exporter/reader/files.ts';
import type { Files } from '../../exporter/reader/task.ts';
import { runExporterIn, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';

const uploads = { name: 'uploads', namespace: 'shop' };
const claim = { claim_namespace: 'shop', claim: 'uploads' };
const unmeasured = 'lookout_volume_unmeasured';
const used = ['lookout_volume_used_bytes', { ...claim, method: 'walk', scope: 'volume' }] as const;

/** The root of a provisioner with directories as it names them: `<volume>_<namespace>_<claim>`. */
function provisioned(...names: readonly string[]): string {
  const root = join(temporaryFolder(), 'storage');
  mkdirSync(root);
  for (const name of names) {
    mkdirSync(join(root, name));
    writeFileSync(join(root, name, 'file'), Buffer.alloc(100_000, 1));
  }
  return root;
}

async function exporterOf(root: string, more: object = {}) {
  const localPathClaims = [{ ...uploads, root, requested: 1_000_000, ...more }];
  return await runExporterIn(temporaryFolder(), { localPathClaims, interval: 0.3 });
}

describe('a claim of a local-path provisioner', () => {
  test('is found by the name of its directory, and measured there', async () => {
    const root = provisioned('pvc-1_shop_uploads', 'pvc-2_shop_uploads-old', 'pvc-3_blog_uploads', 'pvc-4_shop_up');
    writeFileSync(join(root, 'pvc-9_shop_uploads'), 'a file of that name');
    const { value } = await (await exporterOf(root)).scrape();
    const directory = join(root, 'pvc-1_shop_uploads');
    expect(value(...used)).toBe(
      Number.parseInt(execFileSync('du', ['-sx', '-B1', directory], { encoding: 'utf8' }), 10),
    );
    expect(value('lookout_volume_requested_bytes', claim)).toBe(1_000_000);
    expect(value('lookout_filesystem_claimed_bytes')).toBe(1_000_000);
    const found = { ...claim, volume: 'pvc-1', volume_type: 'local-path', node: 'node-1' };
    expect(value('lookout_volume_info', found)).toBe(1);
    expect(value('lookout_source_up', { source: 'uploads' })).toBe(1);
    expect(value(unmeasured)).toBeUndefined();
  });

  test('is nothing else, whatever lies there', () => {
    const name = fc.oneof(fc.string(), fc.constantFrom('pvc-1', 'shop', 'uploads', '', 'a/b', '..'));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 5 }), (parts) => {
        const entry = { name: parts.join('_'), isDirectory: () => true } as Dirent;
        const files: Files = {
          ...realFiles(() => {}),
          entries: function* () {
            yield entry;
          },
        };
        const found = findClaim(files, { ...uploads, root: '/storage', requested: null });
        const [volume, ...rest] = entry.name.split('_');
        if (rest.join('_') === 'shop_uploads') expect(found).toEqual({ directory: `/storage/${entry.name}`, volume });
        else expect(found).toBeUndefined();
      }),
      { numRuns: 10_000 },
    );
  });

  test('that is on another node is no error here, and says nothing of its size', async () => {
    const { value, samples } = await (await exporterOf(provisioned('pvc-3_blog_uploads'))).scrape();
    expect(value(unmeasured, { ...claim, reason: 'not_on_this_node' })).toBe(1);
    expect(value('lookout_source_up', { source: 'uploads' })).toBe(1);
    expect(value('lookout_collector_success', { collector: 'volumes' })).toBe(1);
    const ofClaim = samples.filter(({ labels }) => labels['claim'] === 'uploads');
    expect(ofClaim.map(({ name }) => name)).toEqual([unmeasured]);
    expect(value('lookout_filesystem_claimed_bytes')).toBeUndefined();
  });

  test('is found when it comes to this node, and let go when it leaves', async () => {
    const root = provisioned('pvc-3_blog_uploads');
    const exporter = await exporterOf(root);
    const of = async (name: string, labels: object) => (await exporter.scrape()).value(name, { ...claim, ...labels });
    expect(await of(unmeasured, { reason: 'not_on_this_node' })).toBe(1);
    renameSync(join(root, 'pvc-3_blog_uploads'), join(root, 'pvc-1_shop_uploads'));
    await until(async () => (await of(...used)) !== undefined);
    expect(await of(unmeasured, {})).toBeUndefined();
    rmSync(join(root, 'pvc-1_shop_uploads'), { recursive: true });
    await until(async () => (await of(unmeasured, { reason: 'not_on_this_node' })) === 1);
    expect(await of(...used)).toBeUndefined();
    expect(await of('lookout_volume_measured_timestamp_seconds', {})).toBeUndefined();
  });

  test('of which directories of earlier volumes are left says so, unless its volume is declared', async () => {
    const root = provisioned('pvc-1_shop_uploads', 'pvc-0_shop_uploads');
    const exporter = await exporterOf(root);
    expect((await exporter.scrape()).value(unmeasured, { ...claim, reason: 'ambiguous' })).toBe(1);
    expect((await exporter.explain())[0]?.message).toBe(
      `${root} has several directories of claim shop/uploads, those of the volumes pvc-0, pvc-1: delete what is left over, or declare the volume`,
    );
    const named = await (await exporterOf(root, { volume: 'pvc-0' })).scrape();
    expect(named.value('lookout_volume_info', { ...claim, volume: 'pvc-0' })).toBe(1);
    expect(named.value(...used)).toBeGreaterThan(100_000);
    const another = await (await exporterOf(root, { volume: 'pvc-7' })).scrape();
    expect(another.value(unmeasured, { reason: 'not_on_this_node' })).toBe(1);
  });

  test('whose provisioner has no directory says what is not mounted', async () => {
    const root = join(temporaryFolder(), 'storage');
    const exporter = await exporterOf(root);
    expect((await exporter.scrape()).value(unmeasured, { ...claim, reason: 'not_found' })).toBe(1);
    expect((await exporter.explain())[0]?.message).toContain('is what lies below it mounted?');
  });
});
