import { cpSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fixture, fixturePath } from './fixtures.ts';
import { checks, noon, oddities, type Workspace, workspace } from './workspace.ts';

const name = 'school_platform_20261120_030000.sql.gz';
const school = { pattern: 'school_platform_%Y%m%d_%H%M%S*', engine: 'postgres' } as const;

/** State of one artifact of these bytes, and its checks. */
function verified(content: Uint8Array, path = name): readonly unknown[] {
  const { write, read } = workspace(school);
  write(path, content);
  const reading = read(noon);
  return [oddities(reading)[path] ?? 'complete', checks(reading)];
}

describe('a plain dump', () => {
  test.each(['postgres/plain.sql', 'postgres/schema.sql', 'postgres/all.sql', 'postgres-newer/plain.sql'])(
    'recorded as %s is complete, packed and unpacked',
    (path) => {
      const sound = { readable: true, not_empty: true, header: true, trailer: true };
      expect(verified(fixture(path), 'school_platform_20261120_030000.sql')).toEqual(['complete', sound]);
      expect(verified(gzipSync(fixture(path)))).toEqual(['complete', { ...sound, gzip: true }]);
    },
  );

  test('that pg_dump did not finish passes gzip and fails by its missing trailer', () => {
    const cut = gzipSync(fixture('postgres/plain.sql').subarray(0, 20_000));
    expect(verified(cut)).toEqual([
      'incomplete: trailer_missing',
      { readable: true, gzip: true, not_empty: true, header: true, trailer: 'trailer_missing' },
    ]);
  });

  test('of a failed pg_dump in a pipe is a sound gzip of nothing, and invalid', () => {
    expect(verified(gzipSync(''))).toEqual(['invalid: empty', { readable: true, gzip: true, not_empty: 'empty' }]);
  });

  test('that was cut on disk fails by gzip', () => {
    const cut = gzipSync(fixture('postgres/plain.sql')).subarray(0, 3000);
    expect(verified(cut)).toEqual(['incomplete: truncated', { readable: true, gzip: 'truncated' }]);
  });

  test('of a whole cluster that ends after one of its databases is not complete', () => {
    const all = fixture('postgres/all.sql');
    const end = all.indexOf('PostgreSQL database dump complete') + 40;
    expect(verified(gzipSync(all.subarray(0, end)))[0]).toBe('incomplete: trailer_missing');
  });

  test.each([
    ['an error message', 'pg_dump: error: connection to server failed\n'],
    ['a dump of SQLite', 'PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCOMMIT;\n'],
    ['a web page', '<html>PostgreSQL database dump</html>'],
    ['random bytes', Buffer.from(Array.from({ length: 600 }, (_, index) => (index * 7919) % 251))],
  ])('is not %s', (_title, content) => {
    expect(verified(gzipSync(content))[0]).toBe('invalid: not_a_dump');
  });
});

describe('a custom archive', () => {
  const archives = [
    'postgres/custom.dump',
    'postgres/piped.dump',
    'postgres-newer/custom.dump',
    'postgres-newer/piped.dump',
  ];
  const path = 'school_platform_20261120_030000.dump';

  test.each([...archives, 'postgres/schema.dump'])('recorded as %s is complete', (recorded) => {
    const sound = { readable: true, not_empty: true, header: true, contents: true };
    expect(verified(fixture(recorded), path)).toEqual(['complete', sound]);
  });

  test.each(archives)('recorded as %s is never complete when it ends too early', (recorded) => {
    const whole = fixture(recorded);
    fc.assert(
      fc.property(fc.integer({ min: 6, max: whole.length - 1 }), (length) => {
        expect(verified(whole.subarray(0, length), path)[0]).toMatch(/^incomplete: /);
      }),
      { numRuns: 60, examples: [[whole.length - 1], [11], [6]] },
    );
  });

  test('of a version that is not known yet is only known by its header', () => {
    const newer = Buffer.from(fixture('postgres/custom.dump'));
    newer[6] = 99;
    expect(verified(newer, path)).toEqual(['complete', { readable: true, not_empty: true, header: true }]);
  });

  test('of PostgreSQL 16, whose header says the compression in one byte, is complete', () => {
    const recorded = fixture('postgres/custom.dump');
    const head = Buffer.from(recorded.subarray(0, 11));
    expect(head[6]).toBe(14);
    head[6] = 15;
    const converted = Buffer.concat([head, Buffer.from([1]), recorded.subarray(16)]);
    expect(verified(converted, path)[1]).toMatchObject({ header: true, contents: true });
  });

  test('packed once more is unpacked and known by its header', () => {
    expect(verified(gzipSync(fixture('postgres/custom.dump')))).toEqual([
      'complete',
      { readable: true, gzip: true, not_empty: true, header: true },
    ]);
  });

  test('with any damage is judged without an error', () => {
    const whole = fixture('postgres/custom.dump');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (place, byte) => {
        const damaged = Buffer.from(whole);
        damaged[place] = byte;
        expect(verified(damaged, path)).toHaveLength(2);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a directory archive', () => {
  const place = (
    { root, read }: Workspace,
    recorded: string,
    change: (directory: string) => void = () => undefined,
  ) => {
    const directory = join(root, 'school_platform_20261120_030000');
    cpSync(fixturePath(recorded), directory, { recursive: true });
    change(directory);
    utimesSync(directory, noon - 3600, noon - 3600);
    return read(noon + 86_400 * 365 * 10);
  };

  test.each(['postgres/directory', 'postgres-newer/directory'])('recorded as %s is complete', (recorded) => {
    const reading = place(workspace(school), recorded);
    expect(reading.artifacts.complete).toBe(1);
    expect(checks(reading)).toEqual({ readable: true, header: true, contents: true });
  });

  test('that lacks the data of a table is incomplete', () => {
    const reading = place(workspace(school), 'postgres/directory', (directory) =>
      rmSync(join(directory, '3356.dat.gz')),
    );
    expect(Object.values(oddities(reading))).toEqual(['incomplete: contents_missing']);
  });

  test('without its table of contents is no dump', () => {
    const reading = place(workspace(school), 'postgres/directory', (directory) => rmSync(join(directory, 'toc.dat')));
    expect(Object.values(oddities(reading))).toEqual(['invalid: not_a_dump']);
  });
});

describe('a tar archive', () => {
  const path = 'school_platform_20261120_030000.tar';

  test('is known by its end', () => {
    const whole = fixture('postgres/archive.tar');
    expect(verified(whole, path)).toEqual(['complete', { readable: true, not_empty: true, trailer: true }]);
    for (const missing of [100, 1024]) {
      expect(verified(whole.subarray(0, whole.length - missing), path)[0]).toBe('incomplete: truncated');
    }
  });
});
