import type { X509Certificate } from 'node:crypto';
import type { Problem } from '../../model/reading.ts';

/** The certificates that a file holds, in its order. */
export interface Content {
  readonly certificates: readonly X509Certificate[];
  /** The first thing that is wrong; certificates beside it are still given. */
  readonly problem: Problem | null;
}

export function nothing(problem: Problem): Content {
  return { certificates: [], problem };
}
