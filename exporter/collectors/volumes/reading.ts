/** What was found out about one volume. */
export type VolumeReading = MeasuredReading | ElsewhereReading;

export interface MeasuredReading {
  readonly kind: 'measured';
  /** Seconds since the epoch. */
  readonly at: number;
  /** Name of the volume, where the directory tells it; else empty. */
  readonly volume: string;
  readonly filesystem: FilesystemReading;
  /** Whether the directory is to be added up, for others share the file system. */
  readonly shared: boolean;
  /** As it was last added up; null when it never was, or cannot be. */
  readonly walked: WalkedReading | null;
}

export interface WalkedReading {
  /** When adding up came to its end; seconds since the epoch. */
  readonly at: number;
  /** Seconds that it took. */
  readonly took: number;
  readonly bytes: number;
  readonly inodes: number;
}

/** The claim has no directory on this node. */
export interface ElsewhereReading {
  readonly kind: 'elsewhere';
}

export interface FilesystemReading {
  /** Tells file systems apart: `st_dev`. */
  readonly device: number;
  readonly mountPoint: string;
  /** Nothing else can lie on it: the volume's directory is the root of a local file system that is mounted there whole. */
  readonly own: boolean;
  /** On another machine: too slow to be added up. */
  readonly remote: boolean;
  /** Bytes in all, used, and free for an ordinary user. */
  readonly size: number;
  readonly used: number;
  readonly available: number;
  /** 0 in all on file systems that do not count them. */
  readonly inodes: number;
  readonly inodesUsed: number;
}
