import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databases } from '../../dashboards/databases.ts';
import { dashboards } from '../../dashboards/index.ts';
import type { Stack } from '../../stack/types.ts';
import { generations } from '../support/programs.ts';
import { productionStack } from '../support/stacks.ts';
import { prove } from './proof/prove.ts';
import { readRecording } from './proof/recording.ts';
import { type LoadedPrometheus, loadPrometheus } from './proof/server.ts';

const recording = readRecording(resolve(import.meta.dirname, '../fixtures/dashboards/databases/recording.json.gz'));
const { from, to, step, programs } = recording;

/** The databases that were recorded are those of this stack, by name and engine. */
const stack: Stack = {
  ...productionStack,
  intervals: { ...productionStack.intervals, scrape: step, evaluation: step },
};

test('the recording holds at least ten minutes of named programs, and nothing that a rule calculated', () => {
  expect(to - from).toBeGreaterThanOrEqual(600);
  expect(Object.keys(programs)).toEqual(
    expect.arrayContaining(['postgres', 'postgres-exporter', 'redis', 'redis-exporter']),
  );
  const names = recording.groups.flatMap(({ series }) => series.map(({ labels }) => labels['__name__']));
  expect(names.filter((name) => name?.includes(':'))).toEqual([]);
});

describe.each(generations)(
  'on what the exporters of PostgreSQL and Redis gave, in Prometheus ($name)',
  (generation) => {
    let prometheus: LoadedPrometheus;
    beforeAll(async () => {
      prometheus = await loadPrometheus(generation, recording, stack);
    });
    afterAll(() => prometheus?.stop());

    test('every query of the dashboard Databases gives data that its unit can have', async () => {
      const dashboard = dashboards(stack).find(({ uid }) => uid === databases.uid)!;
      const ground = { api: prometheus.api, span: { from, to, step }, scrape: step };
      expect(await prove(dashboard, ground)).toEqual([]);
    });
  },
);
