import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runExporterIn, until } from './support/exporter.ts';
import { temporaryFolder } from './support/folder.ts';
import { mountMemory, withoutMount } from './support/mounts.ts';

function volume(name: string, directory: string, requested: number | null = null) {
  return { name, namespace: 'shop', directory, requested };
}

const backup = {
  pattern: '%Y.gz',
  engine: 'files',
  schedule: null,
  timezone: 'UTC',
  clock: 'UTC',
  expectedInterval: 3600,
  grace: 1,
  settle: 1,
  retention: null,
  ignore: [],
} as const;

function du(...args: readonly string[]): number {
  return Number.parseInt(execFileSync('du', args, { encoding: 'utf8' }), 10);
}

test('a directory is added up as du does: hard links once, sparse files by their blocks, links not followed', async () => {
  const folder = temporaryFolder();
  const uploads = join(folder, 'uploads');
  mkdirSync(join(uploads, 'deep', 'deeper'), { recursive: true });
  writeFileSync(join(uploads, 'deep', 'picture'), Buffer.alloc(300_000, 1));
  linkSync(join(uploads, 'deep', 'picture'), join(uploads, 'deep', 'deeper', 'same picture'));
  writeFileSync(join(uploads, 'sparse'), 'x');
  truncateSync(join(uploads, 'sparse'), 1024 ** 3);
  symlinkSync('/usr', join(uploads, 'elsewhere'));

  const exporter = await runExporterIn(folder, { volumes: [volume('uploads', uploads, 1_000_000)] });
  const { value } = await exporter.scrape();
  const claim = { claim_namespace: 'shop', claim: 'uploads', method: 'walk', scope: 'volume' };

  expect(value('lookout_volume_used_bytes', claim)).toBe(du('-sx', '--block-size=1', uploads));
  expect(value('lookout_volume_used_bytes', claim)).toBeLessThan(400_000);
  expect(value('lookout_volume_inodes_used', claim)).toBe(du('-sx', '--inodes', uploads));
  expect(value('lookout_volume_requested_bytes', { claim: 'uploads' })).toBe(1_000_000);
});

test('figures of the file system below are marked as such, and its claims are summed once for all volumes on it', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'a'));
  mkdirSync(join(folder, 'b'));
  const volumes = [volume('a', join(folder, 'a'), 3_000), volume('b', join(folder, 'b'), 4_000)];

  const { samples, value } = await (await runExporterIn(folder, { volumes })).scrape();
  const [size, available] = execFileSync('df', ['--block-size=1', '--output=size,avail', folder], { encoding: 'utf8' })
    .split('\n')[1]!
    .trim()
    .split(/\s+/)
    .map(Number);

  expect(value('lookout_volume_capacity_bytes', { claim: 'a' })).toBe(size);
  expect(samples.filter(({ name }) => name === 'lookout_volume_capacity_bytes')).toSatisfy((found: typeof samples) =>
    found.every(({ labels }) => labels['scope'] === 'filesystem' && labels['method'] === 'statfs'),
  );
  expect(samples.filter(({ name }) => name === 'lookout_filesystem_size_bytes')).toHaveLength(1);
  expect(value('lookout_filesystem_claimed_bytes', { node: 'node-1' })).toBe(7_000);
  expect(Math.abs(value('lookout_filesystem_available_bytes')! - available!)).toBeLessThan(1024 ** 3);
});

test('two claims of one name in two namespaces are two volumes and two sources', async () => {
  const folder = temporaryFolder();
  const volumes = ['shop', 'blog'].map((namespace) => ({ ...volume('data', folder), namespace }));
  const { value } = await (await runExporterIn(folder, { volumes })).scrape();

  expect(value('lookout_volume_info', { claim: 'data', claim_namespace: 'blog' })).toBe(1);
  expect(value('lookout_source_up', { collector: 'volumes', source: 'blog/data' })).toBe(1);
  expect(value('lookout_source_up', { collector: 'volumes', source: 'shop/data' })).toBe(1);
});

test('a directory that is not there, and one that is a file, stay declared with their reason beside one that is measured', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'file'), '');
  const volumes = [
    volume('gone', join(folder, 'gone', 'deeper')),
    volume('file', join(folder, 'file')),
    volume('good', folder),
  ];
  const exporter = await runExporterIn(folder, { volumes });
  const { value } = await exporter.scrape();

  expect(value('lookout_volume_info', { claim: 'gone' })).toBe(1);
  expect(value('lookout_volume_unmeasured', { claim: 'gone', reason: 'not_found' })).toBe(1);
  expect(value('lookout_volume_measured_timestamp_seconds', { claim: 'gone' })).toBe(0);
  expect(value('lookout_volume_used_bytes', { claim: 'gone', scope: 'volume' })).toBeUndefined();
  expect(value('lookout_source_errors_total', { source: 'gone', reason: 'not_found' })).toBe(1);
  expect(value('lookout_volume_unmeasured', { claim: 'file', reason: 'not_a_directory' })).toBe(1);
  expect(value('lookout_source_up', { source: 'good' })).toBe(1);
  expect(value('lookout_collector_success', { collector: 'volumes' })).toBe(0);
  const [gone] = await exporter.explain();
  expect(gone).toMatchObject({ source: 'gone', up: false, reason: 'not_found', lastReadAt: null, reading: null });
  expect(gone?.message).toContain(`; ${folder} is there: is what lies below it mounted?`);
});

test('a directory that disappears keeps its time of measurement, then loses its sizes, and has them again when it returns', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  mkdirSync(data);
  const exporter = await runExporterIn(folder, { volumes: [volume('data', data)], interval: 0.3 });
  const used = async () => (await exporter.scrape()).value('lookout_volume_used_bytes', { scope: 'volume' });
  const before = (await exporter.scrape()).value('lookout_volume_measured_timestamp_seconds')!;
  expect(await used()).toBeGreaterThan(0);

  renameSync(data, join(folder, 'away'));
  await until(async () => (await used()) === undefined);
  const without = await exporter.scrape();
  expect(without.value('lookout_volume_unmeasured', { reason: 'not_found' })).toBe(1);
  expect(without.value('lookout_volume_measured_timestamp_seconds')).toBeGreaterThanOrEqual(before);
  expect(without.value('lookout_source_up')).toBe(0);

  renameSync(join(folder, 'away'), data);
  await until(async () => (await used()) !== undefined);
  expect((await exporter.scrape()).value('lookout_volume_unmeasured')).toBeUndefined();
  expect(exporter.logs.filter(({ level }) => level === 'warn')).toHaveLength(1);
  expect(exporter.logs.at(-1)?.message).toBe('the source can be read again');
});

test('the file system below a backup counts too, once also where a volume is declared there', async () => {
  const folder = temporaryFolder();
  for (const name of ['dumps', 'shared']) mkdirSync(join(folder, name));
  const backups = ['dumps', 'shared'].map((name) => ({ ...backup, name, directory: join(folder, name) }));
  const volumes = [volume('shared', join(folder, 'shared'), 500)];
  const exporter = await runExporterIn(folder, { backups, volumes });
  const { samples, value } = await exporter.scrape();
  expect(samples.filter(({ name }) => name === 'lookout_filesystem_size_bytes')).toHaveLength(1);
  expect(value('lookout_filesystem_claimed_bytes')).toBe(500);
  expect(samples.filter(({ name }) => name === 'lookout_volume_info')).toHaveLength(1);
  const sources = samples.filter(
    ({ name, labels }) => name === 'lookout_source_up' && labels['collector'] === 'volumes',
  );
  expect(sources.map(({ labels }) => labels['source'])).toEqual(['dumps/directory', 'shared']);
});

const noMount = withoutMount();

test.skipIf(noMount !== undefined)(
  `a volume that is a file system of its own is measured by its figures, and another below it is not added up${noMount === undefined ? '' : ` (${noMount})`}`,
  async () => {
    const folder = temporaryFolder();
    const [own, around] = [join(folder, 'around', 'own'), join(folder, 'around')];
    mkdirSync(around);
    mountMemory(own);
    writeFileSync(join(own, 'large'), Buffer.alloc(4 * 1024 ** 2, 1));
    const exporter = await runExporterIn(folder, { volumes: [volume('own', own), volume('around', around)] });
    const { value, samples } = await exporter.scrape();
    const whole = { claim: 'own', method: 'statfs', scope: 'volume' };
    expect(value('lookout_volume_used_bytes', whole)).toBe(4 * 1024 ** 2);
    expect(value('lookout_volume_available_bytes', whole)).toBe(12 * 1024 ** 2);
    expect(value('lookout_volume_capacity_bytes', whole)).toBe(16 * 1024 ** 2);
    expect(value('lookout_volume_inodes_used', whole)).toBe(2);
    const used = samples.filter(
      ({ name, labels }) => name === 'lookout_volume_used_bytes' && labels['claim'] === 'own',
    );
    expect(used, 'no second figure of the same thing').toHaveLength(1);
    expect(value('lookout_volume_used_bytes', { claim: 'around', scope: 'volume' })).toBeLessThan(1024 ** 2);
    expect(value('lookout_filesystem_size_bytes', { path: own })).toBe(16 * 1024 ** 2);
  },
);

test.skipIf(noMount !== undefined)(
  `a volume on a mount that disappears says so, and is measured again when the mount returns${noMount === undefined ? '' : ` (${noMount})`}`,
  async () => {
    const folder = temporaryFolder();
    const [share, data] = [join(folder, 'share'), join(folder, 'share', 'data')];
    const used = async () => (await exporter.scrape()).value('lookout_volume_used_bytes', { scope: 'volume' });
    mountMemory(share);
    mkdirSync(data);
    const exporter = await runExporterIn(folder, { volumes: [volume('data', data)], interval: 0.3 });
    expect(await used()).toBeGreaterThanOrEqual(0);

    execFileSync('umount', [share]);
    await until(async () => (await used()) === undefined);
    expect((await exporter.scrape()).value('lookout_volume_unmeasured', { reason: 'not_mounted' })).toBe(1);
    const missing = (await exporter.explain()).find(({ source }) => source === 'data');
    expect(missing?.message).toContain(`${share} is not mounted any more`);

    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', share]);
    mkdirSync(data);
    writeFileSync(join(data, 'file'), Buffer.alloc(1024 ** 2, 1));
    await until(async () => ((await used()) ?? 0) >= 1024 ** 2);
    expect((await exporter.scrape()).value('lookout_volume_unmeasured')).toBeUndefined();
  },
);
