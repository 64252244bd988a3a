import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { uploadsTarget } from './targets.ts';
import type { IncidentDefinition, World } from './types.ts';

const share = 0.94;
const fileBytes = 4 * 1024 ** 2;

export const volumeFilling: IncidentDefinition = {
  name: 'volume-filling',
  title: 'A volume fills up',
  what: `Writes files into the shop's uploads until ${share * 100}% of the volume's size are used.`,
  alerts: ['VolumeFull', 'VolumeFillingUp'],
  messages:
    'A mail and a Slack message that say how full the volume is; the warning at 80% is kept back, since the critical alert covers it.',
  undo: 'Deletes those files, and nothing else.',
  target: (world) => (sizeOf(world) === null ? undefined : uploadsTarget(world)),
  operations: (world) => {
    const missing = Math.max(0, Math.ceil((sizeOf(world) ?? 0) * share) - usedBytes(world.paths.uploads));
    return Array.from({ length: Math.ceil(missing / fileBytes) }, (_, index) => ({
      kind: 'fill',
      path: join(world.paths.uploads, `export-${world.now}-${index + 1}.bin`),
      bytes: Math.min(fileBytes, missing - index * fileBytes),
    }));
  },
  sight: (world) => ({
    by: 'exporter',
    family: 'lookout_volume_used_bytes',
    labels: { claim: uploadsTarget(world)?.name ?? '', scope: 'volume' },
    shows: (value) => value > 0.9 * (sizeOf(world) ?? 0),
  }),
  estimate: ({ stack: { intervals, pace } }) => {
    const seen = intervals.collection + intervals.scrape;
    return { seen, hold: 60 / pace, recovered: seen, inactive: 0 };
  },
};

function sizeOf({ stack, paths }: Omit<World, 'now'>): number | null {
  return stack.volumes.find(({ directory }) => directory === paths.uploads)?.requested ?? null;
}

function usedBytes(directory: string): number {
  return readdirSync(directory)
    .map((name) => statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);
}
