import type { Collector } from './collector.ts';

/** Every collector, in the order in which a mount's sources are read. */
export const collectors: readonly Collector[] = [];
