import type { Artifact } from './model.ts';

/** The newest artifacts that are wanted, newest first, at most `limit`; of many it sorts only these. */
export function newestOf(
  artifacts: Iterable<Artifact>,
  limit: number,
  wanted: (artifact: Artifact) => boolean = () => true,
): readonly Artifact[] {
  const found: Artifact[] = [];
  for (const artifact of artifacts) {
    const last = found.at(-1);
    if (!wanted(artifact) || (found.length === limit && last !== undefined && !isNewer(artifact, last))) continue;
    const place = found.findLastIndex((other) => !isNewer(artifact, other)) + 1;
    found.splice(place, 0, artifact);
    if (found.length > limit) found.pop();
  }
  return found;
}

export function newerOf(artifact: Artifact, other: Artifact | null): Artifact {
  return other === null || isNewer(artifact, other) ? artifact : other;
}

/** By the time in the name, then by the name itself. */
function isNewer(one: Artifact, other: Artifact): boolean {
  return one.time.start === other.time.start ? one.path > other.path : one.time.start > other.time.start;
}
