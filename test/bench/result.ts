/** One line of a table: what was measured, here and at the baselines of the same run. */
export interface Result {
  readonly work: string;
  readonly unit: 'ms' | 's' | 'MB' | 'objects' | 'calls';
  /** Of each repetition. */
  readonly values: readonly number[];
  readonly baselines: readonly Baseline[];
  /** What DESIGN.md or the issue asks for. Null: nothing, the figure is for information. */
  readonly target: Target | null;
}

export interface Baseline {
  readonly name: string;
  /** In the unit of the result. */
  readonly values: readonly number[];
}

/** For the median: at most so much, exactly so much, or at most so many times the first baseline. */
export type Target =
  | { readonly kind: 'atMost'; readonly value: number }
  | { readonly kind: 'exactly'; readonly value: number }
  | { readonly kind: 'timesBaseline'; readonly value: number };

export const atMost = (value: number): Target => ({ kind: 'atMost', value });
export const exactly = (value: number): Target => ({ kind: 'exactly', value });
export const timesBaseline = (value: number): Target => ({ kind: 'timesBaseline', value });

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function isMet({ values, baselines, target }: Result): boolean {
  const value = median(values);
  if (target === null) return true;
  if (target.kind === 'timesBaseline') return value <= target.value * median(baselines[0]?.values ?? []);
  return target.kind === 'exactly' ? value === target.value : value <= target.value;
}
