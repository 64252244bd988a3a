import { expect, test } from 'vitest';
import { humanBytes, parseBytes } from '../../common/quantities.ts';

test.each([
  ['0', 0],
  ['1048576', 1_048_576],
  ['64Mi', 67_108_864],
  ['2G', 2e9],
  ['2Gi', 2_147_483_648],
  ['1.5Ki', 1536],
  ['3k', 3000],
  ['1Ti', 1024 ** 4],
])('%s are %d bytes', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

test.each(['', 'Mi', '64 Mi', '-1', '64MB', '1e3', '0x10', '64mi', '.5Gi'])('"%s" is no quantity', (text) => {
  expect(parseBytes(text)).toBeUndefined();
});

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [67_108_864, '64 MiB'],
  [1_048_575, '1 MiB'],
  [123_456_789, '118 MiB'],
  [1024 ** 6, '1024 PiB'],
])('%d bytes are said as %s', (bytes, text) => {
  expect(humanBytes(bytes)).toBe(text);
});
