import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { fixture } from './fixtures.ts';
import { checks, noon, oddities, workspace } from './workspace.ts';

function verified(content: Uint8Array, ending = 'sql.gz'): readonly unknown[] {
  const { write, read } = workspace({ pattern: 'shop_%Y%m%d.*', engine: 'sqlite' });
  write(`shop_20261119.${ending}`, content);
  const reading = read(noon);
  return [oddities(reading)[`shop_20261119.${ending}`] ?? 'complete', checks(reading)];
}

describe('the text of a dump', () => {
  test('as SQLite writes it is complete', () => {
    const sound = { readable: true, gzip: true, not_empty: true, header: true, trailer: true };
    expect(verified(gzipSync(fixture('sqlite/dump.sql')))).toEqual(['complete', sound]);
  });

  test('of a database without tables is complete', () => {
    expect(verified(gzipSync('PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCOMMIT;\n'))[0]).toBe('complete');
  });

  test('of a damaged database ends with a rollback, and is invalid', () => {
    expect(verified(gzipSync(fixture('sqlite/broken.sql')))[0]).toBe('invalid: rolled_back');
  });

  test('that ends in the middle is incomplete, even after a row that says COMMIT', () => {
    const cut = fixture('sqlite/dump.sql').subarray(0, 9000);
    expect(verified(gzipSync(cut))[0]).toBe('incomplete: trailer_missing');
    const quoting = Buffer.concat([cut, Buffer.from("\nINSERT INTO product VALUES(1,'\nCOMMIT;\n',2);\n")]);
    expect(verified(gzipSync(quoting))[0]).toBe('incomplete: trailer_missing');
  });
});

describe('a database file', () => {
  test('as SQLite backs it up is complete, packed and unpacked', () => {
    const sound = { readable: true, not_empty: true, header: true, length: true };
    expect(verified(fixture('sqlite/shop.db'), 'db')).toEqual(['complete', sound]);
    expect(verified(gzipSync(fixture('sqlite/shop.db')), 'db.gz')).toEqual(['complete', { ...sound, gzip: true }]);
  });

  test('with the largest pages is complete', () => {
    const { root } = workspace();
    const path = join(root, 'large.db');
    const db = new DatabaseSync(path);
    db.exec('PRAGMA page_size = 65536; CREATE TABLE a (b); INSERT INTO a VALUES (1)');
    db.close();
    expect(verified(readFileSync(path), 'db')[0]).toBe('complete');
  });

  test.each([
    ['a page short', 24_576, 'incomplete: truncated'],
    ['cut within its header', 60, 'incomplete: truncated'],
  ])('that is %s is incomplete', (_title, length, state) => {
    expect(verified(fixture('sqlite/shop.db').subarray(0, length), 'db')[0]).toBe(state);
  });

  test('that is longer than its header says is invalid', () => {
    const longer = Buffer.concat([fixture('sqlite/shop.db'), Buffer.alloc(4096)]);
    expect(verified(longer, 'db')[0]).toBe('invalid: length_mismatch');
  });
});

test('a directory is no dump of SQLite', () => {
  const { write, read } = workspace({ pattern: 'shop_%Y%m%d', engine: 'sqlite' });
  write('shop_20261119/a.sql');
  expect(oddities(read(noon))).toEqual({ shop_20261119: 'invalid: not_a_dump' });
});
