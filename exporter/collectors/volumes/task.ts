import { problemOf, SourceError } from '../../model/failure.ts';
import { mountinfo, mountOf, parseMounts } from '../../model/mounts.ts';
import type { Outcome } from '../../model/reading.ts';
import type { Files, Task } from '../../reader/task.ts';
import type { FilesystemReading, VolumeReading } from './reading.ts';
import { walk } from './walk.ts';

export interface VolumeRequest {
  readonly directory: string;
  /** Whether the directory is to be added up; else only the file system below it counts. */
  readonly walk: boolean;
}

/** Asks the file system below the directory, and adds up the directory itself where others share that file system. */
export const task: Task<VolumeRequest, VolumeReading> = ({ directory, walk: wanted }, _previous, { files, now }) => {
  const root = files.realpath(directory);
  if (!files.lstat(root).isDirectory()) {
    throw new SourceError('not_a_directory', `could not measure ${directory}: it is not a directory`);
  }
  const filesystem = readFilesystem(files, root);
  const { reading: walked, problem } =
    filesystem.own || !wanted ? { reading: null, problem: null } : tryWalk(files, root);
  return { reading: { at: now, filesystem, walked }, problem };
};

function tryWalk(files: Files, root: string): Outcome<VolumeReading['walked'] & object> {
  try {
    return { reading: walk(files, root), problem: null };
  } catch (error) {
    return { reading: null, problem: problemOf(error, `add up ${root}`) };
  }
}

function readFilesystem(files: Files, root: string): FilesystemReading {
  const mount = mountOf(root, parseMounts(files.readFile(mountinfo, Number.POSITIVE_INFINITY).toString()));
  const figures = files.statfs(root);
  const local = mount.device.startsWith('/dev/') || mount.device === 'tmpfs';
  return {
    device: files.lstat(root).dev,
    mountPoint: mount.point,
    own: local && mount.root === '/' && mount.point === root && root !== '/',
    size: figures.blocks * figures.bsize,
    used: (figures.blocks - figures.bfree) * figures.bsize,
    available: figures.bavail * figures.bsize,
    inodes: figures.files,
    inodesUsed: figures.files - figures.ffree,
  };
}
