import type { BackupSource } from '../../config.ts';
import { judge } from './judge.ts';
import { type Found, listArtifacts, type Walk } from './listing.ts';
import { measure, unmeasured } from './measure.ts';
import type { Artifact } from './model.ts';
import { newestOf } from './newest.ts';
import type { ArtifactStore } from './store.ts';

/** So many of the newest that are complete, and that are being written, are measured at each reading in any case. */
const watched = 3;
/** So many others at most: on a network each costs a round trip. The rest is known by its names until later readings. */
const measuredAtOnce = 10_000;

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
  let left = measuredAtOnce;
  listArtifacts({ ...walk, isSettled }, (found) => {
    if (left > 0 || !timed || found.temporary) inspect(found);
    else if (artifacts.get(found.path) === undefined) artifacts.set(judge(found, unmeasured, undefined, source, now));
    left -= 1;
  });
  const gone = artifacts.sweep();
  for (const wanted of ['complete', 'in_progress']) {
    for (const artifact of newestOf(artifacts.values(), watched, ({ state }) => state === wanted)) {
      inspect({ ...artifact, name: { time: timed ? artifact.time : null } });
    }
  }
  return gone;
}
