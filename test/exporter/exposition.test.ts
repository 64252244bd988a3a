import { execFileSync } from 'node:child_process';
import { crc32, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crcJoin, crcShift } from '../../exporter/exposition/crc.ts';
import { Exposition } from '../../exporter/exposition/exposition.ts';
import { acceptsGzip, negotiateFormat } from '../../exporter/exposition/negotiate.ts';
import { gzipBody, makePiece } from '../../exporter/exposition/piece.ts';
import type { Format } from '../../exporter/exposition/text.ts';
import { counter, gauge } from '../../exporter/metrics/family.ts';
import { sample } from '../../exporter/model/sample.ts';
import { installed, run } from '../support/programs.ts';

const size = gauge('test_size_bytes', ['object', 'kind'], 'Size of an object.');
const reads = counter('test_reads_total', ['object'], 'Reads with a \\ and\na second line.');
const info = gauge('test_info', ['version'], 'What "this" is.');

async function textOf(exposition: Exposition, format: Format = 'text'): Promise<string> {
  await exposition.settle();
  return Buffer.concat(exposition.body(format, 'identity', [], '').parts).toString();
}

async function unzipped(exposition: Exposition): Promise<string> {
  await exposition.settle();
  const { parts, length } = exposition.body('text', 'gzip', [], '');
  const bytes = Buffer.concat(parts);
  expect(bytes.length).toBe(length);
  return gunzipSync(bytes).toString();
}

const any = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.toWellFormed());

describe('the text', () => {
  test('stands in the order of families and keys, headers once, whatever the order in which objects came', async () => {
    const one = new Exposition([size, reads]);
    const other = new Exposition([size, reads]);
    const samples = (key: string) => [
      sample(reads, { object: key }, 1),
      sample(size, { object: key, kind: 'file' }, 2),
    ];
    for (const key of ['b', 'a', 'c']) one.set(key, samples(key));
    for (const key of ['c', 'b', 'x', 'a']) other.set(key, samples(key));
    other.set('x', []);
    expect(await textOf(one)).toBe(await textOf(other));
    expect(await textOf(one)).toBe(
      [
        '# HELP test_size_bytes Size of an object.',
        '# TYPE test_size_bytes gauge',
        'test_size_bytes{object="a",kind="file"} 2',
        'test_size_bytes{object="b",kind="file"} 2',
        'test_size_bytes{object="c",kind="file"} 2',
        '# HELP test_reads_total Reads with a \\\\ and\\na second line.',
        '# TYPE test_reads_total counter',
        'test_reads_total{object="a"} 1',
        'test_reads_total{object="b"} 1',
        'test_reads_total{object="c"} 1',
        '',
      ].join('\n'),
    );
  });

  test('of OpenMetrics names units, counters and infos its own way and ends with EOF', async () => {
    const exposition = new Exposition([size, reads, info]);
    exposition.set('a', [
      sample(size, { object: 'a', kind: '' }, Number.POSITIVE_INFINITY),
      sample(reads, { object: 'a' }, 1e21),
      sample(info, { version: '1' }, 1),
    ]);
    expect(await textOf(exposition, 'openmetrics')).toBe(
      [
        '# TYPE test_size_bytes gauge',
        '# UNIT test_size_bytes bytes',
        '# HELP test_size_bytes Size of an object.',
        'test_size_bytes{object="a",kind=""} +Inf',
        '# TYPE test_reads counter',
        '# HELP test_reads Reads with a \\\\ and\\na second line.',
        'test_reads_total{object="a"} 1e+21',
        '# TYPE test info',
        '# HELP test What \\"this\\" is.',
        'test_info{version="1"} 1',
        '# EOF',
        '',
      ].join('\n'),
    );
  });

  test('leaves out a family without samples', async () => {
    const exposition = new Exposition([size, reads]);
    exposition.set('a', [sample(reads, { object: 'a' }, 1)]);
    expect(await textOf(exposition)).not.toContain('test_size_bytes');
  });

  test('gives every label value back as it was, and never breaks a line', async () => {
    await fc.assert(
      fc.asyncProperty(any, any, async (object, kind) => {
        const exposition = new Exposition([size]);
        exposition.set('a', [sample(size, { object, kind }, 1)]);
        const lines = (await textOf(exposition)).split('\n').slice(2, -1);
        expect(lines).toHaveLength(1);
        const [, first = '', second = ''] =
          /^test_size_bytes\{object="(.*)",kind="((?:[^"\\]|\\.)*)"\} 1$/s.exec(lines[0]!) ?? [];
        const plain = (text: string) =>
          text.replaceAll(/\\(.)/g, (_, character) => (character === 'n' ? '\n' : character));
        expect([plain(first), plain(second)]).toEqual([object, kind]);
      }),
    );
  });

  test('is read by promtool whatever stands in its labels', async () => {
    const exposition = new Exposition([size]);
    for (const [index, text] of fc.sample(any, 300).entries()) {
      exposition.set(String(index), [sample(size, { object: `${index}${text}`, kind: text }, index)]);
    }
    run(installed.promtool, ['check', 'metrics'], { input: await textOf(exposition) });
  });
});

describe('what is kept', () => {
  const change = fc.record({ key: fc.nat(700).map(String), value: fc.option(fc.integer()) });

  test('is the same as written anew, plain and compressed, after any changes and however they were gathered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { maxLength: 400 }), { maxLength: 6 }), async (batches) => {
        const kept = new Exposition([size]);
        const model = new Map<string, number>();
        for (const batch of batches) {
          for (const { key, value } of batch) {
            if (value === null) model.delete(key);
            else model.set(key, value);
            kept.set(key, value === null ? [] : [sample(size, { object: key, kind: '' }, value)]);
          }
          await kept.settle();
        }
        const lines = [...model.keys()]
          .sort()
          .map((key) => `test_size_bytes{object="${key}",kind=""} ${model.get(key)}\n`);
        const header = '# HELP test_size_bytes Size of an object.\n# TYPE test_size_bytes gauge\n';
        const expected = lines.length === 0 ? '' : header + lines.join('');
        expect(await textOf(kept)).toBe(expected);
        expect(await unzipped(kept)).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('does not change when an object is rendered to the same bytes', async () => {
    const exposition = new Exposition([size, reads]);
    const samples = (value: number) => [
      sample(size, { object: 'a', kind: '' }, value),
      sample(reads, { object: 'a' }, 1),
    ];
    expect(exposition.set('a', samples(1))).toBe(true);
    expect(exposition.set('a', samples(1))).toBe(false);
    await exposition.settle();
    expect(exposition.set('a', samples(1))).toBe(false);
    expect(exposition.set('a', samples(2))).toBe(true);
    expect(exposition.set('b', [])).toBe(false);
  });

  test('is written from one state even when objects change while it is being sent', async () => {
    const exposition = new Exposition([size]);
    exposition.set('a', [sample(size, { object: 'a', kind: '' }, 1)]);
    await exposition.settle();
    const body = exposition.body('text', 'identity', [], '');
    exposition.set('a', [sample(size, { object: 'a', kind: '' }, 22)]);
    await exposition.settle();
    expect(Buffer.concat(body.parts).toString()).toContain('} 1\n');
  });

  test('holds samples of the moment beside it, under their own header', async () => {
    const exposition = new Exposition([size, reads]);
    exposition.set('a', [sample(reads, { object: 'a' }, 1)]);
    await exposition.settle();
    const live = [sample(size, { object: 'now', kind: '' }, 5)];
    const text = Buffer.concat(exposition.body('text', 'identity', live, 'tail 1\n').parts).toString();
    expect(text).toBe(
      '# HELP test_size_bytes Size of an object.\n# TYPE test_size_bytes gauge\ntest_size_bytes{object="now",kind=""} 5\n' +
        '# HELP test_reads_total Reads with a \\\\ and\\na second line.\n# TYPE test_reads_total counter\ntest_reads_total{object="a"} 1\ntail 1\n',
    );
  });
});

describe('gzip', () => {
  test('of any pieces is one member that holds them all', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 5000 }), { maxLength: 12 }), (parts) => {
        const pieces = parts.map((part) => makePiece([Buffer.from(part)]));
        const { parts: bytes } = gzipBody(pieces);
        const member = Buffer.concat(bytes);
        expect(gunzipSync(member)).toEqual(Buffer.concat(parts));
        expect(execFileSync('gzip', ['--decompress', '--stdout'], { input: member })).toEqual(Buffer.concat(parts));
      }),
      { numRuns: 30 },
    );
  });

  test('joins check sums as if the bytes had been summed in one go', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70_000 }), fc.uint8Array({ maxLength: 70_000 }), (first, second) => {
        const whole = crc32(Buffer.concat([first, second]));
        expect(crcJoin(crc32(first), crc32(second), crcShift(second.length))).toBe(whole);
      }),
    );
  });
});

test.each<readonly [string | undefined, Format]>([
  [undefined, 'text'],
  ['*/*', 'text'],
  ['text/plain', 'text'],
  ['application/openmetrics-text', 'openmetrics'],
  [
    'application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
    'openmetrics',
  ],
  ['text/plain;version=0.0.4;q=0.6, application/openmetrics-text;q=0.5', 'text'],
  ['application/openmetrics-text;q=0', 'text'],
  ['application/openmetrics-text;q=nonsense', 'text'],
])('the scraper that accepts %s gets %s', (accept, format) => {
  expect(negotiateFormat(accept)).toBe(format);
});

test.each([
  [undefined, false],
  ['gzip', true],
  ['deflate, gzip;q=1.0, *;q=0.5', true],
  ['gzip;q=0, *', false],
  ['br', false],
  ['*', true],
])('a scraper that accepts the encodings %s gets gzip: %s', (header, expected) => {
  expect(acceptsGzip(header)).toBe(expected);
});
