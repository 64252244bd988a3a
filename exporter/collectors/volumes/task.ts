import type { LocalPathClaimSource } from '../../config.ts';
import { SourceError } from '../../model/failure.ts';
import { mountinfo, mountOf, parseMounts } from '../../model/mounts.ts';
import type { Files, Task } from '../../reader/task.ts';
import { findClaim, type Place } from './local-path.ts';
import type { ElsewhereReading, FilesystemReading, MeasuredReading, VolumeReading, WalkedReading } from './reading.ts';
import { addUp, rests } from './stint.ts';

export interface VolumeRequest {
  /** A directory, or the claim whose directory is to be found. */
  readonly place: string | LocalPathClaimSource;
  /** Seconds for which the directory is added up at most in one reading; 0: only the file system below it counts. */
  readonly walk: number;
}

/** Asks the file system below the directory, and adds up the directory itself where others share that file system. */
export const task: Task<VolumeRequest, VolumeReading> = ({ place: asked, walk }, previous, context) => {
  const { files, now } = context;
  const place = typeof asked === 'string' ? { directory: asked, volume: '' } : findClaim(files, asked);
  if (place === undefined) return { reading: elsewhere(previous), problem: null };
  const root = files.realpath(place.directory);
  if (!files.lstat(root).isDirectory()) {
    throw new SourceError('not_a_directory', `could not measure ${place.directory}: it is not a directory`);
  }
  const filesystem = readFilesystem(files, root);
  const shared = walk > 0 && !filesystem.own && !filesystem.remote;
  const reading = { kind: 'measured', at: now, volume: place.volume, filesystem, shared } as const;
  if (!shared) return { reading: { ...reading, walked: null }, problem: null };
  const before = walkedBefore(previous, place, filesystem);
  if (before !== null && rests(root, before, context))
    return { reading: { ...reading, walked: before }, problem: null };
  const { reading: walked, problem } = addUp(root, walk, context);
  if (before === null || problem?.reason !== 'not_read_yet') return { reading: { ...reading, walked }, problem };
  return { reading: { ...reading, walked: before }, problem: null };
};

function elsewhere(previous: VolumeReading | null): ElsewhereReading {
  return previous?.kind === 'elsewhere' ? previous : { kind: 'elsewhere' };
}

/** What was added up last stays, with its time, until the next walk has come to its end. */
function walkedBefore(
  previous: VolumeReading | null,
  { volume }: Place,
  { device }: FilesystemReading,
): WalkedReading | null {
  const same = (reading: MeasuredReading) => reading.volume === volume && reading.filesystem.device === device;
  return previous?.kind === 'measured' && same(previous) ? previous.walked : null;
}

/** As the kernel calls them. */
const remoteTypes: ReadonlySet<string> = new Set(['nfs', 'nfs4', 'cifs', 'smb3']);

function readFilesystem(files: Files, root: string): FilesystemReading {
  const mount = mountOf(root, parseMounts(files.readFile(mountinfo, Number.POSITIVE_INFINITY).toString()));
  const figures = files.statfs(root);
  const local = mount.device.startsWith('/dev/') || mount.device === 'tmpfs';
  return {
    device: files.lstat(root).dev,
    mountPoint: mount.point,
    own: local && mount.root === '/' && mount.point === root && root !== '/',
    remote: remoteTypes.has(mount.type),
    size: figures.blocks * figures.bsize,
    used: (figures.blocks - figures.bfree) * figures.bsize,
    available: figures.bavail * figures.bsize,
    inodes: figures.files,
    inodesUsed: figures.files - figures.ffree,
  };
}
