import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatDuration, humanDuration, parseDuration } from '../../common/durations.ts';

describe('a Prometheus duration', () => {
  test.each([
    ['0', 0],
    ['0s', 0],
    ['15s', 15],
    ['1h30m', 5400],
    ['15d', 1_296_000],
    ['1y2w3d4h5m6s7ms', 31_536_000 + 1_209_600 + 259_200 + 14_400 + 300 + 6.007],
    ['500ms', 0.5],
  ])('%s is read as its seconds', (text, seconds) => {
    expect(parseDuration(text)).toBeCloseTo(seconds, 6);
  });

  test.each(['', '15', '5 m', '-5m', '1.5h', '30m1h', '1h1h', 's', '5M', '5m '])('"%s" is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test.each([
    [0, '0s'],
    [90, '1m30s'],
    [86_400, '1d'],
    [1_296_000, '15d'],
    [0.25, '250ms'],
    [93_784.5, '1d2h3m4s500ms'],
  ])('of %d seconds is written as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  test('that was written is read as the same milliseconds', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds / 1000))).toBeCloseTo(milliseconds / 1000, 6);
      }),
    );
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('of %d seconds cannot be written', (seconds) => {
    expect(() => formatDuration(seconds)).toThrow('are no Prometheus duration');
  });
});

describe('a duration for people', () => {
  test.each([
    [0, '0 s'],
    [0.4, '0 s'],
    [59, '59 s'],
    [3600, '1 h'],
    [11_520, '3 h 12 min'],
    [90_061, '1 d 1 h'],
    [86_460, '1 d'],
    [59.7, '1 min'],
    [-120, '2 min'],
  ])('of %d seconds is said as %s', (seconds, text) => {
    expect(humanDuration(seconds)).toBe(text);
  });
});
