import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noon, workspace } from './workspace.ts';

const valid = 'shop_20261120_030000.sql.gz';

/** Names that a file system takes and that are nearly those of artifacts. */
const names = fc
  .tuple(fc.nat(valid.length), fc.nat(4), fc.string({ unit: 'binary', maxLength: 6 }))
  .map(([place, removed, added]) => valid.slice(0, place) + added + valid.slice(place + removed))
  .filter(
    (name) => name !== '' && !/[/\0]/.test(name) && name !== '.' && name !== '..' && Buffer.byteLength(name) < 250,
  );

test('a directory of ten thousand malformed names is read, and every one is accounted for', () => {
  const { root, read } = workspace({ engine: 'sqlite' });
  const made = new Set(fc.sample(names, { numRuns: 10_000, seed: 4711 }).map((name) => Buffer.from(name).toString()));
  for (const name of made) writeFileSync(join(root, name), '');
  writeFileSync(Buffer.concat([Buffer.from(`${root}/shop_`), Buffer.from([0xff, 0xfe])]), '');
  mkdirSync(join(root, 'shop_20261120_040000.sql.gz'));
  const { artifacts } = read(noon);
  const counted = Object.values(artifacts).reduce((sum, count) => sum + count, 0);
  expect(artifacts.unrecognised).toBeGreaterThan(5000);
  expect(counted).toBeLessThanOrEqual(made.size + 2);
  expect(counted).toBeGreaterThan(made.size * 0.95);
});

test('files of arbitrary bytes are judged by every engine without an error', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 3000 }),
    fc
      .uint8Array({ maxLength: 600 })
      .map((rest) => Buffer.concat([Buffer.from('PGDMP\x01\x0e\x00\x04\x08\x01'), rest])),
    fc.uint8Array({ maxLength: 600 }).map((rest) => Buffer.concat([Buffer.from('SQLite format 3\0'), rest])),
    fc.uint8Array({ maxLength: 600 }).map((rest) => Buffer.concat([Buffer.from([0x6d, 0xe2, 0x99, 0x81]), rest])),
    fc.uint8Array({ maxLength: 600 }).map((rest) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), rest])),
  );
  const engines = fc.constantFrom('postgres', 'mongodb', 'sqlite', 'files');
  fc.assert(
    fc.property(bytes, engines, (content, engine) => {
      const { write, read } = workspace({ engine, pattern: 'shop_%Y%m%d_%H%M%S*' });
      write('shop_20261120_030000', content);
      const { complete, incomplete, invalid } = read(noon).artifacts;
      expect(complete + incomplete + invalid).toBe(1);
    }),
    { numRuns: 600 },
  );
});
