import type { BackupSource } from '../../config.ts';
import { judge } from './judge.ts';
import { type Found, listArtifacts, type Walk } from './listing.ts';
import { measure } from './measure.ts';
import type { Artifact } from './model.ts';
import { newestOf } from './newest.ts';
import type { ArtifactStore } from './store.ts';

/** So many of the newest artifacts are measured again at each reading although nothing should change them any more. */
const watched = 3;

/**
 * Brings what is known of a directory's artifacts up to date; gives those that are gone. Only those are measured that are new,
 * not complete or among the newest; what is known of the others holds. Where names hold no time all are measured, for the
 * time may have changed.
 */
export function lookAt(
  walk: Omit<Walk, 'isSettled'>,
  artifacts: ArtifactStore,
  source: BackupSource,
  now: number,
): readonly Artifact[] {
  const { timed } = walk.pattern;
  const inspect = (found: Found): void => {
    const size = measure(walk.files, `${walk.root}/${found.path}`);
    if (size === undefined) artifacts.delete(found.path);
    else artifacts.set(judge(found, size, artifacts.get(found.path), source, now));
  };
  const isSettled: Walk['isSettled'] = (path, kind) => timed && artifacts.see(path, kind);
  for (const found of listArtifacts({ ...walk, isSettled })) inspect(found);
  const gone = artifacts.sweep();
  for (const artifact of newestOf(artifacts.values(), watched)) {
    inspect({ ...artifact, name: { time: timed ? artifact.time : null } });
  }
  return gone;
}
