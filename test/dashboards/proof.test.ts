import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dashboards } from '../../dashboards/index.ts';
import { panelsOf, targetsOf, variablesOf } from '../../dashboards/lint/parts.ts';
import type { Dashboard, Panel } from '../../dashboards/types.ts';
import type { Stack } from '../../stack/types.ts';
import { generations, newer } from '../support/programs.ts';
import { productionStack } from '../support/stacks.ts';
import { type Ground, prove } from './proof/prove.ts';
import { type Recording, readRecording } from './proof/recording.ts';
import { type LoadedPrometheus, loadPrometheus } from './proof/server.ts';
import { collectedStack, probedStack, recordedStack } from './record/stack.ts';

const fixtures = resolve(import.meta.dirname, '../fixtures/dashboards');
const recordings = readdirSync(fixtures)
  .filter((name) => name.endsWith('.json.gz'))
  .map((name) => [name, readRecording(join(fixtures, name))] as const);

/** The stack that was recorded, as slow as the recording was thinned. */
function stackOf({ programs, step }: Recording): Stack {
  const prometheus = programs['prometheus']!;
  const alertmanager = programs['alertmanager'];
  const alone = 'otelcol' in programs ? collectedStack : probedStack;
  const stack = alertmanager === undefined ? alone({ prometheus }) : recordedStack({ prometheus, alertmanager });
  return { ...stack, intervals: { ...stack.intervals, scrape: step, evaluation: step } };
}

/** Of a recording without a whole stack just those that it was made for. */
function provenBy(recording: Recording, stack: Stack): readonly Dashboard[] {
  const all = dashboards(stack);
  const only = 'otelcol' in recording.programs ? 'lookout-telemetry' : 'lookout-probes';
  return isWhole({ recording }) ? all : all.filter(({ uid }) => uid === only);
}

/** The same with the windows of production. */
function inProduction(stack: Stack): Stack {
  const { scrape, evaluation } = stack.intervals;
  return { ...stack, pace: 1, intervals: { ...productionStack.intervals, scrape, evaluation } };
}

describe.each(recordings)('%s', (_name, recording) => {
  test('holds at least ten minutes of named programs', () => {
    expect(recording.to - recording.from).toBeGreaterThanOrEqual(600);
    expect(Object.keys(recording.programs)).toEqual(expect.arrayContaining(['prometheus', 'node']));
  });

  test('holds nothing that a rule calculated', () => {
    const names = recording.groups.flatMap(({ series }) => series.map(({ labels }) => labels['__name__']));
    expect(names.filter((name) => name?.includes(':'))).toEqual([]);
  });
});

/** Of a whole stack, and not of one program. */
function isWhole({ recording }: { readonly recording: Recording }): boolean {
  return 'alertmanager' in recording.programs;
}

/** Each recording in each Prometheus, at the pace at which it was recorded and with the windows of production. */
const grounds = recordings
  .flatMap(([name, recording]) =>
    generations.flatMap((generation) =>
      [stackOf(recording), inProduction(stackOf(recording))].map((stack) => ({
        title: `${name} in Prometheus (${generation.name}), pace ${stack.pace}`,
        recording,
        generation,
        stack,
      })),
    ),
  )
  .map((ground, index, all) => ({ ...ground, broken: index === all.findIndex(isWhole) ? breakers() : [] }));

describe.each(grounds)('every query on $title', ({ recording, generation, stack, broken }) => {
  const { from, to, step } = recording;
  let prometheus: LoadedPrometheus;
  let ground: Ground;
  beforeAll(async () => {
    prometheus = await loadPrometheus(generation, recording, stack);
    ground = { api: prometheus.api, span: { from, to, step }, scrape: stack.intervals.scrape };
  });
  afterAll(() => prometheus?.stop());

  test.each(provenBy(recording, stack).map((dashboard) => [dashboard.title, dashboard] as const))(
    'of %s gives data that its unit can have',
    async (_title, dashboard) => expect(await prove(dashboard, ground)).toEqual([]),
  );

  test.each(broken)('would be noticed with %s', async (_what, title, breaker, finding) => {
    const dashboard = structuredClone(dashboards(stack).find(({ uid }) => uid === 'lookout-backups')!);
    breaker(panelsOf(dashboard).find((panel) => panel.title === title)!, dashboard);
    expect((await prove(dashboard, ground)).join('\n')).toMatch(finding);
  });
});

/** What is broken, in which panel, how, and what the proof then says. */
function breakers(): readonly (readonly [string, string, (panel: Panel, dashboard: Dashboard) => void, RegExp])[] {
  return [
    [
      'a metric misspelt',
      'Missed runs',
      (panel) => rewrite(panel, 'missed_runs', 'missed_run'),
      /"Missed runs", query A: gives nothing/,
    ],
    [
      'a metric misspelt beside one that gives something',
      'Size of the newest artifact',
      (panel) => {
        targetsOf(panel)[0]!.expr += ' or lookout_backup_size_bytes';
      },
      /lookout_backup_size_bytes finds no series/,
    ],
    [
      'an expression that parses and is none',
      'Missed runs',
      (panel) => rewrite(panel, 'max by (backup)', 'rate'),
      /"Missed runs", query A: Prometheus answers .*expected type range vector/,
    ],
    [
      'a label value misspelt',
      'Readable',
      (panel) => rewrite(panel, 'collector="backups"', 'collector="backup"'),
      /"Readable", query A: gives nothing/,
    ],
    [
      'a legend that names a label which the query drops',
      'Missed runs',
      (panel) => {
        targetsOf(panel)[0]!.legendFormat = '{{backup}} {{engine}}';
      },
      /the legend uses the label engine/,
    ],
    [
      'a column for a label that no series has',
      'State of each backup',
      (panel) => {
        panel.transformations!.find(({ id }) => id === 'organize')!.options.renameByName['claim'] = 'Claim';
      },
      /no series has the label claim of a column/,
    ],
    [
      'seconds shown as a share',
      'Age of the newest complete artifact',
      (panel) => {
        panel.fieldConfig!.defaults.unit = 'percentunit';
      },
      /no plausible value of the unit percentunit/,
    ],
    [
      'Unix seconds where Grafana expects milliseconds',
      'Next backup expected',
      (panel) => rewrite(panel, ' * 1000', ''),
      /no plausible value of the unit dateTimeFromNow/,
    ],
    [
      'bytes below zero',
      'Bytes kept',
      (panel) => rewrite(panel, 'max by', '-max by'),
      /-\d+ is no plausible value of the unit bytes/,
    ],
    [
      'a variable over a label that is not there',
      'Missed runs',
      (_panel, dashboard) => {
        variablesOf(dashboard).find(({ name }) => name === 'backup')!.query = 'label_values(up{job="nobody"}, backup)';
      },
      /variable backup finds no value/,
    ],
  ];
}

function rewrite(panel: Panel, from: string, to: string): void {
  for (const target of targetsOf(panel)) target.expr = target.expr.replaceAll(from, to);
}

test.runIf(newer === undefined)('only the installed generation is asked: LOOKOUT_NEWER_BIN is not set', () => {
  expect(generations).toHaveLength(1);
});
