import { gauge } from './family.ts';

const claim = ['claim_namespace', 'claim'] as const;
const measured = [...claim, 'method', 'scope'] as const;
const place = ['node', 'path'] as const;

/** `walk`: files added up; `statfs`: asked of the file system. */
export const volumeMethods = ['walk', 'statfs', 'kubelet'] as const;
/** `filesystem`: the figure describes the whole file system below the claim, not the claim. */
export const volumeScopes = ['volume', 'filesystem'] as const;

export const volumeMetrics = {
  info: gauge(
    'lookout_volume_info',
    [...claim, 'volume', 'storage_class', 'volume_type', 'node'],
    'A declared volume.',
  ),
  requested: gauge('lookout_volume_requested_bytes', claim, 'Size that was asked for.'),
  used: gauge('lookout_volume_used_bytes', measured, 'Bytes in use.'),
  available: gauge('lookout_volume_available_bytes', measured, 'Bytes still free for an ordinary user.'),
  capacity: gauge('lookout_volume_capacity_bytes', measured, 'Size of what was measured.'),
  inodes: gauge('lookout_volume_inodes', measured, 'Inodes in all.'),
  inodesUsed: gauge('lookout_volume_inodes_used', measured, 'Inodes in use.'),
  measured: gauge('lookout_volume_measured_timestamp_seconds', claim, 'When the volume was last measured.'),
  unmeasured: gauge(
    'lookout_volume_unmeasured',
    [...claim, 'reason'],
    '1 for a declared volume that cannot be measured, with the reason.',
  ),
  filesystemSize: gauge(
    'lookout_filesystem_size_bytes',
    place,
    'Size of the file system below a declared directory, or of one that claims share.',
  ),
  filesystemAvailable: gauge(
    'lookout_filesystem_available_bytes',
    place,
    'Bytes of it still free for an ordinary user.',
  ),
  filesystemClaimed: gauge('lookout_filesystem_claimed_bytes', place, 'Sum of the sizes asked for on it.'),
} as const;
