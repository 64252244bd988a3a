import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';

/** Columns of Grafana's grid. */
export const columns = 24;

export interface Size {
  /** Columns, at most 24. */
  readonly w: number;
  readonly h: number;
}

/**
 * Places boxes in their order, left to right in lines that are as high as their highest box and begin below the line
 * before. The first line begins at `top`. Throws for a box that no line can hold.
 */
export function pack(sizes: readonly Size[], top: number): readonly GridPos[] {
  const placed: GridPos[] = [];
  let x = 0;
  let y = top;
  let height = 0;
  for (const { w, h } of sizes) {
    if (!(w >= 1 && w <= columns && h >= 1))
      throw new Error(`a panel of ${w} x ${h} does not fit a grid of ${columns} columns`);
    if (x + w > columns) {
      x = 0;
      y += height;
      height = 0;
    }
    placed.push({ x, y, w, h });
    x += w;
    height = Math.max(height, h);
  }
  return placed;
}

/** First free line below the boxes; `top` when there are none. */
export function bottom(placed: readonly GridPos[], top: number): number {
  return placed.reduce((lowest, { y, h }) => Math.max(lowest, y + h), top);
}
