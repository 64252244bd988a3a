import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bottom, columns, pack } from '../../dashboards/kit/layout.ts';

const sizes = fc.array(fc.record({ w: fc.integer({ min: 1, max: columns }), h: fc.integer({ min: 1, max: 12 }) }));

describe('the packer', () => {
  test('fills a line and begins the next below the highest box of it', () => {
    expect(
      pack(
        [
          { w: 12, h: 4 },
          { w: 8, h: 8 },
          { w: 8, h: 2 },
        ],
        1,
      ),
    ).toEqual([
      { x: 0, y: 1, w: 12, h: 4 },
      { x: 12, y: 1, w: 8, h: 8 },
      { x: 0, y: 9, w: 8, h: 2 },
    ]);
  });

  test('keeps every box in the grid, off every other, in order and of its size', () => {
    fc.assert(
      fc.property(sizes, fc.nat(100), (boxes, top) => {
        const placed = pack(boxes, top);
        expect(placed.map(({ w, h }) => ({ w, h }))).toEqual(boxes);
        for (const [index, { x, y, w, h }] of placed.entries()) {
          expect(x + w).toBeLessThanOrEqual(columns);
          expect(y).toBeGreaterThanOrEqual(top);
          expect(y + h).toBeLessThanOrEqual(bottom(placed, top));
          for (const other of placed.slice(index + 1))
            expect(other.y > y ? other.y >= y + h : other.y === y && other.x >= x + w).toBe(true);
        }
      }),
    );
  });

  test('leaves a line only for a box that it cannot hold', () => {
    fc.assert(
      fc.property(sizes, (boxes) => {
        const placed = pack(boxes, 0);
        for (const [index, box] of placed.entries()) {
          const before = placed[index - 1];
          if (before !== undefined && before.y !== box.y) expect(before.x + before.w + box.w).toBeGreaterThan(columns);
        }
      }),
    );
  });

  test('refuses a box that fits no line', () => {
    expect(() => pack([{ w: 25, h: 4 }], 0)).toThrow('25 x 4');
    expect(() => pack([{ w: 0, h: 4 }], 0)).toThrow('0 x 4');
    expect(() => pack([{ w: Number.NaN, h: 4 }], 0)).toThrow();
  });
});
