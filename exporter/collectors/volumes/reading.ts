/** What was found out about one volume. */
export interface VolumeReading {
  /** Seconds since the epoch. */
  readonly at: number;
  readonly filesystem: FilesystemReading;
  /** Null when the volume is a file system of its own, whose figures are then its own, or could not be walked. */
  readonly walked: { readonly bytes: number; readonly inodes: number } | null;
}

export interface FilesystemReading {
  /** Tells file systems apart: `st_dev`. */
  readonly device: number;
  readonly mountPoint: string;
  /** Nothing else can lie on it: the volume's directory is the root of a local file system that is mounted there whole. */
  readonly own: boolean;
  /** Bytes in all, used, and free for an ordinary user. */
  readonly size: number;
  readonly used: number;
  readonly available: number;
  /** 0 in all on file systems that do not count them. */
  readonly inodes: number;
  readonly inodesUsed: number;
}
