import { describeObject } from '../client/objects.ts';
import type { View } from './progress.ts';

/** What a table needs to be told apart from its lines: how far everything is. */
export interface Round {
  /** Objects that are waited for since the beginning. */
  readonly total: number;
  /** Those that are not ready now. */
  readonly views: readonly View[];
  /** Milliseconds since the beginning. */
  readonly elapsed: number;
}

/** Columns below which a cause has no room beside the names. */
const narrow = 60;
/** Lines that a table takes of a terminal at most; a plain one has 24. */
const most = 15;

/**
 * What is waited for as a block of lines that fit into so many columns: how much is ready, then each object with the seconds
 * for which it has been as it is, and why. What nothing can help stands first.
 */
export function tableOf({ total, views, elapsed }: Round, width: number): readonly string[] {
  if (views.length === 0) return [];
  const sorted = [...views].sort((a, b) => Number(b.hopeless) - Number(a.hopeless));
  const shown = sorted.slice(0, most);
  const names = Math.max(...shown.map(({ reference }) => describeObject(reference).length));
  const more = sorted.length - shown.length;
  return [
    `  ${total - views.length} of ${total} ready, ${rounded(elapsed)}`,
    ...shown.map((view) => row(view, width < narrow ? 0 : names)),
    ...(more === 0 ? [] : [`  and ${more} more`]),
  ].map((line) => cut(line, width));
}

function row({ reference, waited, state, hopeless }: View, names: number): string {
  return `${hopeless ? '✗' : ' '} ${describeObject(reference).padEnd(names)}  ${rounded(waited).padStart(5)}  ${state}`;
}

function rounded(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}

function cut(line: string, width: number): string {
  const characters = [...line];
  return characters.length <= width ? line : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
}
