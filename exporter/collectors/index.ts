import { backups } from './backups/collector.ts';
import { certificates } from './certificates/collector.ts';
import type { Collector } from './collector.ts';
import { cronJobs } from './cronjobs/collector.ts';
import { kubelet } from './kubelet/collector.ts';
import { volumes } from './volumes/collector.ts';

/** Every collector, in the order in which a mount's sources are read: what takes long comes last. */
export const collectors: readonly Collector[] = [certificates, volumes, backups, cronJobs, kubelet];
