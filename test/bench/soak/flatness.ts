import { median } from '../result.ts';

/** Windows into which the time after the warm-up is divided: of five minutes each in an hour's run. */
export const windows = 11;

export interface Flatness {
  /** What each window came to. */
  readonly windows: readonly number[];
  /** The largest difference of a window from the first one, as a share of the first one. */
  readonly change: number;
  readonly flat: boolean;
}

/**
 * Whether figures taken at equal intervals after the warm-up stay level: no window of them may lie more than `tolerance` above
 * or below the first one. A window stands for its median, so that a single peak between two garbage collections does not count
 * as growth, or for its largest figure.
 */
export function flatness(figures: readonly number[], tolerance: number, of: 'median' | 'largest'): Flatness {
  const count = Math.min(windows, figures.length);
  const length = figures.length / count;
  const summarize = of === 'median' ? median : (values: readonly number[]) => Math.max(...values);
  const each = Array.from({ length: count }, (_, window) =>
    summarize(figures.slice(Math.round(window * length), Math.round((window + 1) * length))),
  );
  const first = each[0] ?? Number.NaN;
  const change = Math.max(...each.map((value) => Math.abs(value - first))) / first;
  return { windows: each, change, flat: change <= tolerance };
}
