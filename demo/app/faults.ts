import { readFileSync } from 'node:fs';

/** What is made to go wrong in the shop. The file that holds it is written by an incident; absent means nothing. */
export interface ShopFaults {
  /** Share of the requests that fail with 500, 0 to 1. */
  readonly errorShare: number;
  /** Seconds that every database query takes longer, its connection held meanwhile. */
  readonly queryDelay: number;
  /** The shop closes its listeners. */
  readonly down: boolean;
}

export const noFaults: ShopFaults = { errorShare: 0, queryDelay: 0, down: false };

/** @throws Error when the file exists and is no JSON. */
export function readFaults(path: string): ShopFaults {
  try {
    return { ...noFaults, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<ShopFaults>) };
  } catch (cause) {
    if (isAbsent(cause)) return noFaults;
    throw new Error(`could not read the faults of the shop from ${path}`, { cause });
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
