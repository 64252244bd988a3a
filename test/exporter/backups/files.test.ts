import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gunzip } from '../../../exporter/collectors/backups/verify/gunzip.ts';
import { checks, noon, oddities, workspace } from './workspace.ts';

const name = 'shop_20261120_030000.sql.gz';
const content = gzipSync('a dump of the shop');

function verified(
  files: Readonly<Record<string, string | Uint8Array>>,
  pattern = 'shop_%Y%m%d_%H%M%S*',
): readonly unknown[] {
  const { write, read } = workspace({ pattern, engine: 'files' });
  for (const [path, bytes] of Object.entries(files)) write(path, bytes);
  const reading = read(noon);
  return [Object.values(oddities(reading))[0] ?? 'complete', checks(reading)];
}

describe('gzip', () => {
  const unpacked = (bytes: Uint8Array, size: number): readonly [string, Buffer] => {
    const pieces: Buffer[] = [];
    const stream = gunzip((piece) => void pieces.push(Buffer.from(piece)));
    for (let at = 0; at < bytes.length; at += size) stream.push(bytes.subarray(at, at + size));
    return [stream.end(), Buffer.concat(pieces)];
  };
  const unpack = (bytes: Uint8Array, size = 7): readonly unknown[] => {
    const [end, payload] = unpacked(bytes, size);
    return [end, payload.length];
  };
  const one = gzipSync('x'.repeat(10_000));
  const two = gzipSync('y'.repeat(5000));

  test('is whole as one member, as several, and with zeros after them, wherever the pieces end', () => {
    for (const size of [1, 7, one.length, 1000]) {
      expect(unpack(one, size)).toEqual(['whole', 10_000]);
      expect(unpack(Buffer.concat([one, two]), size)).toEqual(['whole', 15_000]);
      expect(unpack(Buffer.concat([one, Buffer.alloc(600)]), size)).toEqual(['whole', 10_000]);
    }
  });

  test('that ends too early is truncated, at every length', () => {
    for (let length = 0; length < one.length; length += 1) expect(unpack(one.subarray(0, length))[0]).toBe('truncated');
  });

  test('with a wrong sum, a wrong length, or something else after it is corrupt', () => {
    const flipped = (from: number): Buffer => {
      const bytes = Buffer.from(one);
      bytes[bytes.length - from] = (bytes[bytes.length - from] ?? 0) ^ 1;
      return bytes;
    };
    expect(unpack(flipped(6))[0]).toBe('corrupt');
    expect(unpack(flipped(2))[0]).toBe('corrupt');
    expect(unpack(Buffer.concat([one, Buffer.from('more')]))[0]).toBe('corrupt');
    expect(unpack(Buffer.concat([one, Buffer.alloc(20), Buffer.from('more')]))[0]).toBe('corrupt');
  });

  test('agrees with zlib on any payload', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4000 }), fc.integer({ min: 1, max: 500 }), (payload, size) => {
        expect(unpacked(gzipSync(payload), size)).toEqual(['whole', Buffer.from(payload)]);
      }),
    );
  });

  test('with any damage is not whole, unless the payload is the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: one.length - 1 }), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const damaged = Buffer.from(one);
        damaged[place] = (damaged[place] ?? 0) ^ change;
        const [end, payload] = unpacked(damaged, 100);
        if (end === 'whole') expect(payload.equals(Buffer.alloc(10_000, 'x'))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a file of any kind', () => {
  test('is complete when it is not empty', () => {
    expect(verified({ 'shop_20261120_030000.bin': 'x' })).toEqual(['complete', { readable: true, not_empty: true }]);
  });

  test('that is not looked into is complete by its name and size', () => {
    expect(verified({ 'shop_20261120_030000.sql.gpg': 'x' }, 'shop_%Y%m%d_%H%M%S.*')[0]).toBe('complete');
  });

  test('whose name says gzip must be gzip', () => {
    expect(verified({ [name]: 'plain text' })).toEqual(['invalid: not_gzip', { readable: true, gzip: 'not_gzip' }]);
  });

  test('in a directory: one byte somewhere is enough, none is not', () => {
    expect(verified({ '2026-11-20/a/b.yaml': 'x' }, '%F/')[0]).toBe('complete');
    expect(verified({ '2026-11-20/a/b.yaml': '' }, '%F/')[0]).toBe('invalid: empty');
  });
});

describe('files beside an artifact', () => {
  const sum = createHash('sha256').update(content).digest('hex');

  test.each([
    ['a sum and a name', `${sum}  ${name}\n`],
    ['a sum alone', sum.toUpperCase()],
    ['a sum of a name with a backslash', `\\${sum}  ${name}`],
  ])('prove it by its checksum, written as %s', (_title, text) => {
    expect(verified({ [name]: content, [`${name}.sha256`]: text })).toEqual([
      'complete',
      { readable: true, gzip: true, not_empty: true, checksum: true },
    ]);
  });

  test('make it invalid by another checksum', () => {
    expect(verified({ [name]: content, [`${name}.sha256`]: `${'0'.repeat(64)}  ${name}` })[0]).toBe(
      'invalid: checksum_mismatch',
    );
  });

  test('say nothing when they hold no checksum', () => {
    expect(verified({ [name]: content, [`${name}.sha256`]: 'to be done' })[1]).not.toHaveProperty('checksum');
  });

  test.each([`${name}.meta.json`, 'shop_20261120_030000.sql.meta.json', 'shop_20261120_030000.meta.json'])(
    'agree with it as %s',
    (sidecar) => {
      const pattern = 'shop_%Y%m%d_%H%M%S.sql.gz';
      const agreeing = JSON.stringify({ fileSize: content.length, verified: true, tables: { product: 3 } });
      expect(verified({ [name]: content, [sidecar]: agreeing }, pattern)[1]).toMatchObject({ sidecar: true });
      const differing = JSON.stringify({ size_bytes: 12 });
      expect(verified({ [name]: content, [sidecar]: differing }, pattern)).toMatchObject([
        'complete: sidecar_mismatch',
        { sidecar: 'sidecar_mismatch' },
      ]);
    },
  );

  test.each([
    [true, 'complete', true],
    [false, 'complete: not_attested', 'not_attested'],
    ['later', 'complete', undefined],
  ])('tell of its verification by its owner, here %j, which does not decide', (value, state, finding) => {
    const sidecar = JSON.stringify({ verified: value });
    const [found, made] = verified({ [name]: content, [`${name}.meta.json`]: sidecar });
    expect(found).toBe(state);
    expect((made as Record<string, unknown>)['attested']).toBe(finding);
  });

  test('may state the size of what is packed, or none at all', () => {
    expect(
      verified({ [name]: content, [`${name}.meta.json`]: '{"size": 18}' }, 'shop_%Y%m%d_%H%M%S.sql.gz')[1],
    ).toMatchObject({ sidecar: true });
    expect(verified({ [name]: content, [`${name}.meta.json`]: '{}' }, 'shop_%Y%m%d_%H%M%S.sql.gz')[1]).toMatchObject({
      sidecar: true,
    });
  });

  test.each(['not json', '[]', 'null', ''])('are no sidecar when they hold %j', (text) => {
    expect(verified({ [name]: content, [`${name}.meta.json`]: text }, 'shop_%Y%m%d_%H%M%S.sql.gz')[1]).toMatchObject({
      sidecar: 'sidecar_mismatch',
    });
  });
});
