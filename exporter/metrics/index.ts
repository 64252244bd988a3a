import { backupMetrics } from './backup.ts';
import { certificateMetrics } from './certificate.ts';
import { cronJobMetrics } from './cronjob.ts';
import type { Family } from './family.ts';
import { selfMetrics } from './self.ts';
import { volumeMetrics } from './volume.ts';

export interface Topic {
  readonly title: string;
  readonly families: readonly Family[];
}

/** Every family that the exporter can serve, by topic, in the order in which they are served. */
export const topics: readonly Topic[] = [
  { title: 'Backups', families: Object.values(backupMetrics) },
  { title: 'CronJobs of backups', families: Object.values(cronJobMetrics) },
  { title: 'Volumes and file systems', families: Object.values(volumeMetrics) },
  { title: 'Certificates and endpoints', families: Object.values(certificateMetrics) },
  { title: 'The exporter itself', families: Object.values(selfMetrics) },
];

export const families: readonly Family[] = topics.flatMap((topic) => topic.families);
