import { closest, distance } from 'fastest-levenshtein';

/** The candidate that a typo meant; undefined when none is close. */
export function nearest(found: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const byLowerCase = new Map(candidates.map((candidate) => [candidate.toLowerCase(), candidate]));
  const best = closest(found.toLowerCase(), [...byLowerCase.keys()]);
  const close = distance(found.toLowerCase(), best) <= Math.max(1, Math.floor(found.length / 3));
  return close ? byLowerCase.get(best) : undefined;
}

/** `; did you mean backups?`, or nothing. */
export function suggestion(found: string, candidates: readonly string[]): string {
  const best = nearest(found, candidates);
  return best === undefined ? '' : `; did you mean ${best}?`;
}
