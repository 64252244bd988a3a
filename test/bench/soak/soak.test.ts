import { expect, test } from 'vitest';
import { flatness } from './flatness.ts';
import { type SoakSample, soak } from './soak.ts';

const hour = Array.from({ length: 330 }, (_, index) => index);

test('memory that goes up and down between garbage collections is flat', () => {
  const sawtooth = hour.map((index) => 90 + (index % 7) * 2);
  expect(flatness(sawtooth, 0.1, 'median')).toMatchObject({ flat: true });
});

test('memory that grows by a megabyte in three minutes is not flat', () => {
  const growing = hour.map((index) => 90 + index / 18);
  const { flat, windows } = flatness(growing, 0.1, 'median');
  expect(flat).toBe(false);
  expect(windows.at(-1)!).toBeGreaterThan(windows[0]! + 15);
});

test('one peak counts where the largest figure is asked for, and not where the median is', () => {
  const peak = hour.map((index) => (index === 200 ? 200 : 90));
  expect(flatness(peak, 0.1, 'median').flat).toBe(true);
  expect(flatness(peak, 0.1, 'largest').flat).toBe(false);
});

test('a few seconds of soaking scrape the real bundle in both encodings and sample its memory', async () => {
  const samples: SoakSample[] = [];
  const result = await soak({
    minutes: 6 / 60,
    warmUp: 2 / 60,
    size: { certificates: 20, volumes: 2, backups: 1 },
    interval: 1,
    every: 2,
    sampled: (sample) => samples.push(sample),
  });
  expect(result).toMatchObject({ scrapes: 6, failed: 0 });
  expect(result.series).toBeGreaterThan(20 * 3);
  expect(samples.map(({ second }) => second)).toEqual([2, 4, 6]);
  for (const { resident, together, heap, plain, gzip } of samples) {
    expect(resident).toBeGreaterThan(heap);
    expect(together).toBeGreaterThan(0);
    expect(plain).toBeGreaterThan(0);
    expect(gzip).toBeGreaterThan(0);
  }
});
