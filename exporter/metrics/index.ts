import { backupMetrics } from './backup.ts';
import { certificateMetrics } from './certificate.ts';
import { cronJobMetrics } from './cronjob.ts';
import type { Family } from './family.ts';
import { selfMetrics } from './self.ts';
import { volumeMetrics } from './volume.ts';

/** Every family that the exporter can serve, in the order in which they are served. */
export const families: readonly Family[] = [
  backupMetrics,
  cronJobMetrics,
  volumeMetrics,
  certificateMetrics,
  selfMetrics,
].flatMap((topic) => Object.values<Family>(topic));
