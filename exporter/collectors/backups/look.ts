import type { BackupSource } from '../../config.ts';
import type { Files } from '../../reader/task.ts';
import { judge } from './judge.ts';
import { type Found, listArtifacts, type Walk } from './listing.ts';
import { measure } from './measure.ts';
import type { Artifact } from './model.ts';
import type { NameMeaning } from './names.ts';
import { newestOf } from './newest.ts';

/** So many of the newest artifacts are measured again at each reading although nothing should change them any more. */
const watched = 3;

interface Look {
  readonly walk: Omit<Walk, 'meaningOf'> & { readonly readName: (path: string) => NameMeaning };
  readonly files: Files;
  readonly source: BackupSource;
  readonly now: number;
}

/**
 * The artifacts of a directory as they are now. Only those are measured that are new, not complete or among the newest;
 * what is known of the others holds. Where names hold no time all are measured, for the time may have changed.
 */
export function lookAt(
  { walk, files, source, now }: Look,
  known: ReadonlyMap<string, Artifact>,
): Map<string, Artifact> {
  const { timed } = walk.pattern;
  const artifacts = new Map<string, Artifact>();
  const measured = new Set<string>();
  const inspect = (found: Found): void => {
    const size = measure(files, `${walk.root}/${found.path}`);
    measured.add(found.path);
    if (size === undefined) artifacts.delete(found.path);
    else artifacts.set(found.path, judge(found, size, known.get(found.path), source, now));
  };
  const meaningOf = (path: string): NameMeaning => {
    const before = known.get(path);
    if (before === undefined) return walk.readName(path);
    const { name, temporary } = foundAgain(before, timed);
    return { kind: 'artifact', name, temporary };
  };
  for (const found of listArtifacts({ ...walk, meaningOf })) {
    const before = known.get(found.path);
    if (timed && before?.state === 'complete' && before.kind === found.kind) artifacts.set(found.path, before);
    else inspect(found);
  }
  const newest = newestOf(artifacts.values(), watched, ({ path }) => !measured.has(path));
  for (const artifact of newest) inspect(foundAgain(artifact, timed));
  return artifacts;
}

function foundAgain({ path, kind, temporary, time }: Artifact, timed: boolean): Found {
  return { path, kind, temporary, name: { time: timed ? time : null } };
}
