import { randomBytes } from 'node:crypto';
import { linkSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { realFiles } from '../../../exporter/reader/files.ts';
import type { Files } from '../../../exporter/reader/task.ts';
import { at, checks, noon, oddities, workspace } from './workspace.ts';

const gz = gzipSync('a dump');

/** The real file system, and how often and where it was asked. */
function counted(): { readonly files: Files; readonly measured: string[]; readonly opened: Set<string> } {
  const files = realFiles(() => undefined);
  const measured: string[] = [];
  const opened = new Set<string>();
  const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const counting: Files = {
    ...files,
    lstat: (path) => {
      if (!isCompanion(path)) measured.push(base(path));
      return files.lstat(path);
    },
    readRange: (path, ...range) => {
      opened.add(base(path));
      return files.readRange(path, ...range);
    },
  };
  return { files: counting, measured, opened };
}

function isCompanion(path: string): boolean {
  return path.endsWith('.sha256') || path.endsWith('.meta.json');
}

const nameOf = (day: number): string => `shop_202610${String(day).padStart(2, '0')}_030000.sql.gz`;

describe('a later reading', () => {
  test('measures only the newest three and what is new, and opens only what is new', () => {
    const { write, read } = workspace();
    for (let day = 1; day <= 20; day += 1) write(nameOf(day), gz);
    read(noon);
    write(nameOf(21), gz);
    const { files, measured, opened } = counted();
    expect(read(noon + 60, { files }).artifacts.complete).toBe(21);
    expect(new Set(measured.filter((name) => name.endsWith('.gz')))).toEqual(new Set([19, 20, 21].map(nameOf)));
    expect(opened).toEqual(new Set([nameOf(21)]));
  });

  test('by another process verifies nothing again', () => {
    const { write, read } = workspace();
    for (let day = 1; day <= 5; day += 1) write(nameOf(day), gz);
    const first = read(noon);
    const { files, opened } = counted();
    expect(read(noon + 60, { files, afresh: true }).verification).toEqual(first.verification);
    expect(opened.size).toBe(0);
  });

  test('of more artifacts than are carried between processes remembers them as long as the process lives', () => {
    const { write, read } = workspace({ pattern: 'shop_%s.gz' });
    for (let index = 0; index < 600; index += 1) write(`shop_${1_760_000_000 + index}.gz`, gz);
    const first = read(noon);
    expect(first.evidence).toHaveLength(500);
    const again = counted();
    read(noon + 60, { files: again.files });
    expect([again.measured.length, again.opened.size]).toEqual([3, 0]);
    const anew = counted();
    expect(read(noon + 120, { files: anew.files, afresh: true }).artifacts.complete).toBe(600);
    expect(anew.opened.size).toBe(100);
  });

  test('of very many artifacts measures the newest and some of the others, and more of them each time', () => {
    const { root, write, read } = workspace({ pattern: 'shop_%s', retention: { age: 1e9, tolerance: 0, floor: 1 } });
    write('shop_1760000000');
    for (let index = 1; index < 20_010; index += 1)
      linkSync(join(root, 'shop_1760000000'), join(root, `shop_${1_760_000_000 + index}`));
    const first = counted();
    const reading = read(noon, { files: first.files, budget: 0 });
    expect(reading).toMatchObject({
      artifacts: { complete: 20_010 },
      newest: { path: 'shop_1760020009', size: 4 },
      oldest: 1_760_000_000,
      medianSize: 4,
      storedBytes: null,
    });
    expect(first.measured.length).toBeLessThanOrEqual(10_003);
    expect(read(noon + 60, { budget: 0 }).storedBytes).toBeNull();
    expect(read(noon + 120, { budget: 0 })).toMatchObject({ storedBytes: 4 * 20_010, deletedEarly: 0 });
    const last = counted();
    read(noon + 180, { files: last.files, budget: 0 });
    expect(last.measured.length).toBe(3);
  });

  test('of very many new artifacts keeps what it knew of the others, and sees the newest finished', () => {
    const { root, write, read } = workspace({ pattern: 'shop_%s' });
    const invalid = Array.from({ length: 12 }, (_, index) => `shop_${1_750_000_000 + index}`);
    for (const path of invalid) write(path, '');
    write('shop_1795175900', 'dump', noon - 10);
    expect(read(noon).artifacts).toMatchObject({ invalid: 12, in_progress: 1 });
    write('shop_1760000000');
    for (let index = 1; index < 25_000; index += 1) {
      linkSync(join(root, 'shop_1760000000'), join(root, `shop_${1_760_000_000 + index}`));
    }
    expect(read(noon + 60, { budget: 0 })).toMatchObject({
      artifacts: { invalid: 12, in_progress: 0, complete: 25_001 },
      newest: { path: 'shop_1795175900' },
    });
  });

  test('that sees nothing new gives the reading before it', () => {
    const { write, read } = workspace();
    write(nameOf(1), gz);
    const first = read(noon);
    expect(read(noon + 1)).toEqual(first);
  });

  test('notices when one of the newest artifacts is damaged afterwards', () => {
    const { write, read } = workspace();
    write(nameOf(1), gz);
    expect(read(noon).artifacts.complete).toBe(1);
    write(nameOf(1), gz.subarray(0, 12));
    expect(oddities(read(noon + 120))).toEqual({ [nameOf(1)]: 'in_progress: settling' });
    expect(oddities(read(noon + 240))).toEqual({ [nameOf(1)]: 'incomplete: truncated' });
  });

  test('survives a clock that was set ahead and back again', () => {
    const { write, read } = workspace();
    write(nameOf(1), gz);
    read(noon + 10 * 365 * 86_400);
    expect(read(noon).artifacts.complete).toBe(1);
    write('shop_20261120_110000.sql.gz', gz, noon + 3600);
    expect(read(noon + 3600 * 24 * 365).artifacts.complete).toBe(2);
    read(noon);
    expect(read(noon + 60).artifacts.complete).toBe(2);
  });

  test('notices when a directory has become a file of the same name', () => {
    const { root, write, read } = workspace({ pattern: 'shop_%Y%m%d' });
    for (let day = 10; day <= 14; day += 1) write(`shop_202611${day}/dump`);
    expect(read(noon).artifacts.complete).toBe(5);
    rmSync(join(root, 'shop_20261110'), { recursive: true });
    write('shop_20261110', '');
    read(noon + 60);
    expect(oddities(read(noon + 120))).toEqual({ shop_20261110: 'invalid: empty' });
  });

  test('notices when an invalid artifact is replaced by a good one', () => {
    const { write, read } = workspace();
    write(nameOf(1), '');
    expect(read(noon).artifacts.invalid).toBe(1);
    write(nameOf(1), gz);
    read(noon + 60);
    expect(read(noon + 120).artifacts).toMatchObject({ invalid: 0, complete: 1 });
  });

  test('looks at the newest artifact again when a file beside it comes or changes', () => {
    const { root, write, read } = workspace();
    const [older, newest] = [nameOf(1), nameOf(2)];
    write(older, gz);
    write(newest, gz);
    expect(checks(read(noon))).not.toHaveProperty('attested');
    write(`${newest}.meta.json`, '{"verified":false}');
    expect(checks(read(noon + 60))).toMatchObject({ gzip: true, attested: 'not_attested' });
    write(`${newest}.meta.json`, '{"verified":true}');
    expect(checks(read(noon + 120))).toMatchObject({ gzip: true, attested: true });
    write(`${newest}.sha256`, '0'.repeat(64));
    expect(read(noon + 180).newest?.path).toBe(older);
    rmSync(join(root, `${newest}.sha256`));
    expect(read(noon + 240).newest?.path).toBe(newest);
    const { files, opened } = counted();
    read(noon + 300, { files });
    expect(opened.size).toBe(0);
  });

  test('looks again at one that is too large for its budget, over several readings', () => {
    const { write, read } = workspace();
    const random = gzipSync(randomBytes(1_000_000));
    write(nameOf(1), random);
    read(noon);
    write(`${nameOf(1)}.meta.json`, '{"verified":false}');
    const later = Array.from({ length: 12 }, (_, turn) => checks(read(noon + 60 + turn, { budget: 300_000 })));
    expect(later[0]).not.toHaveProperty('attested');
    expect(later.at(-1)).toHaveProperty('attested', 'not_attested');
  });

  test('forgets what was deleted, and counts what the retention would have kept', () => {
    const retention = { age: 30 * 86_400, tolerance: 86_400, floor: 1 };
    const { root, write, read } = workspace({ retention });
    for (const name of ['shop_20261001_030000.sql.gz', 'shop_20261115_030000.sql.gz', 'shop_20261120_030000.sql.gz']) {
      write(name, gz);
    }
    expect(read(noon)).toMatchObject({ oldest: at('2026-10-01T03:00:00Z'), overkept: 1, deletedEarly: 0 });
    unlinkSync(join(root, 'shop_20261001_030000.sql.gz'));
    unlinkSync(join(root, 'shop_20261115_030000.sql.gz'));
    const later = read(noon + 60);
    expect(later).toMatchObject({ oldest: at('2026-11-20T03:00:00Z'), overkept: 0, deletedEarly: 1 });
    rmSync(root, { recursive: true });
    expect(() => read(noon + 120)).toThrow('could not list');
  });
});

describe('the budget of a reading', () => {
  const large = Buffer.alloc(4 * 1024 * 1024, 'INSERT INTO product VALUES (1);\n');
  const packed = gzipSync(large);

  test('lets a large artifact be verified over several readings, which counts as complete meanwhile', () => {
    const { write, read } = workspace();
    write(nameOf(1), packed);
    const readings = Array.from({ length: 12 }, (_, index) => read(noon + index * 60, { budget: 1024 * 1024 }));
    expect(readings[0]).toMatchObject({ artifacts: { complete: 1 }, verification: null });
    expect(checks(readings.at(-1)!)).toEqual({ readable: true, gzip: true, not_empty: true });
  });

  test('goes to the newest artifacts first', () => {
    const { write, read } = workspace();
    for (let day = 1; day <= 5; day += 1) write(nameOf(day), packed);
    const { files, opened } = counted();
    expect(read(noon, { files, budget: 2 * large.length }).verification?.path).toBe(nameOf(5));
    expect(opened).toEqual(new Set([nameOf(5), nameOf(4)]));
  });

  test('is not spent on a verification that another process had begun', () => {
    const { write, read } = workspace();
    write(nameOf(1), packed);
    read(noon, { budget: 1 });
    expect(checks(read(noon + 60, { afresh: true }))).toMatchObject({ gzip: true });
  });

  test('lets a verification begin anew when the artifact has changed under it', () => {
    const { write, read } = workspace();
    write(nameOf(1), gzipSync(large, { level: 0 }));
    read(noon, { budget: 1024 * 1024 });
    write(nameOf(1), gz);
    read(noon + 60);
    expect(checks(read(noon + 120))).toMatchObject({ gzip: true });
    expect(read(noon + 180).verification?.verdict.verified).toBe(noon + 120);
  });

  test('goes to an artifact as it is now, not as it was when its verification began', () => {
    const { write, read } = workspace();
    write(nameOf(1), gzipSync(large, { level: 0 }));
    read(noon, { budget: 1024 * 1024 });
    write(nameOf(1), gz, noon - 600);
    expect(checks(read(noon + 60))).toMatchObject({ gzip: true });
  });

  test('does not count a result for an artifact that was written to meanwhile', () => {
    const { root, write, read } = workspace();
    write(nameOf(1), gz);
    const files = realFiles(() => undefined);
    const growing: Files = {
      ...files,
      readRange: (path, position, length) => {
        const bytes = files.readRange(path, position, length);
        if (path === join(root, nameOf(1))) write(nameOf(1), gzipSync('quite another dump'));
        return bytes;
      },
    };
    expect(read(noon, { files: growing })).toMatchObject({ artifacts: { in_progress: 1 }, verification: null });
    expect(read(noon + 120).artifacts.complete).toBe(1);
  });
});
