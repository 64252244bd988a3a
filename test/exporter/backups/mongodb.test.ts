import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bsonFraming } from '../../../exporter/collectors/backups/verify/bson.ts';
import { archive, bson, collection, int32, metadata } from './bson-writer.ts';
import { checks, noon, oddities, workspace } from './workspace.ts';

type Tree = Readonly<Record<string, string | Uint8Array>>;

const dump: Tree = {
  'fastapi/robots.bson': collection(40),
  'fastapi/robots.metadata.json': metadata('robots'),
  'fastapi/empty.bson': '',
  'fastapi/empty.metadata.json': metadata('empty'),
  'fastapi/best.metadata.json': metadata('best', 'view'),
  'fastapi/system.buckets.weather.bson': collection(3),
  'fastapi/weather.metadata.json': metadata('weather'),
  'admin/system.version.bson': collection(1),
  'admin/system.version.metadata.json': metadata('system.version'),
  'oplog.bson': collection(2),
};

const zipped: Tree = Object.fromEntries(
  Object.entries(dump).map(([path, content]) => [`${path}.gz`, gzipSync(content)]),
);

function without(tree: Tree, path: string): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([name]) => name !== path));
}

function verified(tree: Tree): readonly unknown[] {
  const { write, read } = workspace({ pattern: '%Y-%m-%d-%H-%M/', engine: 'mongodb' });
  for (const [path, content] of Object.entries(tree)) write(`2026-11-20-02-00/${path}`, content);
  const reading = read(noon);
  return [oddities(reading)['2026-11-20-02-00'] ?? 'complete', checks(reading)];
}

describe('a directory of mongodump', () => {
  test.each([
    ['plain', dump],
    ['packed', zipped],
    ['without an oplog', without(dump, 'oplog.bson')],
  ])('that is %s is complete', (_title, tree) => {
    expect(verified(tree)).toEqual(['complete', { readable: true, not_empty: true, metadata: true, framing: true }]);
  });

  test.each<[string, string, Tree]>([
    [
      'whose documents end in the middle',
      'incomplete: truncated',
      { ...dump, 'fastapi/robots.bson': collection(40).subarray(0, -9) },
    ],
    ['whose documents are broken', 'invalid: corrupt', { ...dump, 'fastapi/robots.bson': Buffer.alloc(500, 9) }],
    [
      'one of whose packed files is cut',
      'incomplete: truncated',
      { ...zipped, 'fastapi/robots.bson.gz': gzipSync(collection(40)).subarray(0, 60) },
    ],
    [
      'that lacks the metadata of a collection',
      'incomplete: metadata_missing',
      without(dump, 'fastapi/robots.metadata.json'),
    ],
    [
      'that ended before a collection was written',
      'incomplete: metadata_missing',
      without(dump, 'fastapi/robots.bson'),
    ],
    ['whose metadata is cut', 'invalid: corrupt', { ...dump, 'fastapi/robots.metadata.json': '{"indexes":[{"v' }],
    [
      'whose collections are all empty',
      'invalid: empty',
      { 'fastapi/a.bson': '', 'fastapi/a.metadata.json': metadata('a') },
    ],
    ['that holds something else', 'invalid: not_a_dump', { 'readme.txt': 'hello' }],
    ['that holds only files of no bytes', 'invalid: empty', { 'fastapi/.keep': '', 'fastapi/a.bson': '' }],
  ])('%s is %s', (_title, state, tree) => {
    expect(verified(tree)[0]).toBe(state);
  });

  test('is in progress while any file in it is written', () => {
    const { write, read } = workspace({ pattern: '%Y-%m-%d-%H-%M/', engine: 'mongodb' });
    for (const [path, content] of Object.entries(dump)) write(`2026-11-20-12-00/${path}`, content, noon + 1);
    expect(read(noon + 30).artifacts.in_progress).toBe(1);
    write('2026-11-20-12-00/fastapi/robots.bson', collection(80), noon + 50);
    expect(read(noon + 100).artifacts.in_progress).toBe(1);
    expect(read(noon + 111).artifacts.complete).toBe(1);
  });
});

describe('an archive of mongodump', () => {
  const whole = archive(
    {
      'fastapi.robots': collection(40),
      'fastapi.empty': Buffer.alloc(0),
      'fastapi.system.buckets.weather': collection(3),
    },
    { blocks: 3, views: ['best'] },
  );
  const state = (content: Uint8Array, name = 'dump-20261119.archive.gz'): unknown => {
    const { write, read } = workspace({ pattern: 'dump-%Y%m%d*', engine: 'mongodb' });
    write(name, content);
    const reading = read(noon);
    return oddities(reading)[name] ?? checks(reading);
  };

  test('is complete when every collection has its end, packed or not', () => {
    const plain = { readable: true, not_empty: true, header: true, framing: true, contents: true };
    expect(state(gzipSync(whole))).toEqual({ ...plain, gzip: true });
    expect(state(whole, 'dump-20261119.archive')).toEqual(plain);
  });

  test('is never complete when it ends too early', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: whole.length - 1 }), (length) => {
        expect(state(gzipSync(whole.subarray(0, length)))).toMatch(/^incomplete: /);
      }),
      { numRuns: 100, examples: [[whole.length - 1], [4]] },
    );
  });

  test('without a collection is empty, and other bytes are no archive', () => {
    expect(state(gzipSync(archive({})))).toBe('invalid: empty');
    expect(state(gzipSync('mongodump: error'))).toBe('invalid: not_a_dump');
    expect(state(gzipSync(Buffer.concat([whole, Buffer.alloc(64, 9)])))).toBe('invalid: corrupt');
  });
});

test('one collection may be an artifact of its own', () => {
  const { write, read } = workspace({ pattern: 'robots-%Y%m%d.bson', engine: 'mongodb' });
  write('robots-20261118.bson', collection(5));
  write('robots-20261119.bson', collection(5).subarray(0, 100));
  expect(oddities(read(noon))).toEqual({ 'robots-20261119.bson': 'incomplete: truncated' });
});

describe('the framing of documents', () => {
  test('is the same however the bytes are cut into pieces', () => {
    const bytes = Buffer.concat([collection(30), bson({ text: 'x'.repeat(300) })]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (sizes) => {
        const framing = bsonFraming();
        for (let at = 0, index = 0; at < bytes.length; index += 1) {
          const size = sizes[index % sizes.length] ?? 1;
          framing.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(framing.end()).toEqual({ state: 'whole', documents: 31 });
      }),
    );
  });

  test.each([
    ['a length below the shortest document', int32(4), 'corrupt'],
    ['a negative length', int32(-1), 'corrupt'],
    ['a length above what MongoDB allows', int32(2_000_000_000), 'corrupt'],
    ['a document without its last zero', Buffer.concat([int32(6), Buffer.from([0, 1])]), 'corrupt'],
    ['half a length', Buffer.from([5, 0]), 'truncated'],
    ['nothing', Buffer.alloc(0), 'whole'],
  ])('knows %s', (_title, bytes, state) => {
    const framing = bsonFraming();
    framing.push(bytes);
    expect(framing.end().state).toBe(state);
  });
});
