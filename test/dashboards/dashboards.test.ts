import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { dashboardFiles, dashboardSet, dashboards, sources } from '../../dashboards/index.ts';
import { panelsOf, targetsOf, variablesOf } from '../../dashboards/lint/parts.ts';
import type { Stack } from '../../stack/types.ts';
import { expectGolden } from '../support/golden.ts';
import { localStack, productionStack, telemetryStack } from '../support/stacks.ts';

const file = (stack: Stack, path: string) => dashboardFiles(stack).find((one) => one.path === path)!.content;

describe('dashboard files', () => {
  test.each(dashboardFiles(localStack).map(({ path, content }) => [path, content] as const))(
    '%s of a local stack is as recorded',
    (path, content) => expectGolden(`dashboards/${path}`, content),
  );

  test('keep their addresses for ever', () =>
    expect(sources.map(({ uid }) => uid)).toEqual([
      'lookout-application',
      'lookout-probes',
      'lookout-databases',
      'lookout-backups',
      'lookout-storage',
      'lookout-certificates',
      'lookout-telemetry',
      'lookout-stack',
    ]));

  test('are the same bytes whatever the order in which the stack was written', () => {
    const reversed = Object.fromEntries(Object.entries(productionStack).reverse()) as unknown as Stack;
    expect(dashboardFiles(reversed)).toEqual(dashboardFiles(productionStack));
  });

  test('have sorted keys and end with a newline', () => {
    const { content } = dashboardFiles(localStack)[0]!;
    expect(content.endsWith('}\n')).toBe(true);
    expect(Object.keys(JSON.parse(content))).toEqual(Object.keys(JSON.parse(content)).sort());
  });

  test('do not touch the stack they are made of', () => {
    expect(() => dashboardFiles(deeplyFrozen(structuredClone(productionStack)))).not.toThrow();
  });

  test('are listed in the index, every one', () => {
    const folder = resolve(import.meta.dirname, '../../dashboards');
    const helpers = ['index.ts', 'types.ts', 'programs.ts', 'provisioning.ts'];
    const files = readdirSync(folder).filter((name) => name.endsWith('.ts') && !helpers.includes(name));
    expect(files.length).toBe(sources.length);
  });
});

describe('a stack that lacks something', () => {
  test('has no dashboard for it, and the reason is told', () => {
    const certificates = { ...localStack.certificates, files: [], endpoints: [] };
    const stack: Stack = { ...localStack, databases: [], backups: [], volumes: [], certificates };
    const { dashboards: left, skipped } = dashboardSet(stack);
    expect(left.map(({ uid }) => uid)).toEqual(['lookout-application', 'lookout-stack']);
    expect(skipped).toEqual([
      { dashboard: 'lookout-probes', row: null, reason: 'no probe is declared' },
      { dashboard: 'lookout-databases', row: null, reason: 'no database is declared' },
      { dashboard: 'lookout-backups', row: null, reason: 'no backup is declared' },
      { dashboard: 'lookout-storage', row: null, reason: 'no volume is declared' },
      { dashboard: 'lookout-certificates', row: null, reason: 'no certificate is declared' },
      { dashboard: 'lookout-telemetry', row: null, reason: 'no OpenTelemetry collector and no Jaeger is installed' },
    ]);
  });

  test('has no row for it, and the reason is told', () => {
    const certificates = { ...localStack.certificates, endpoints: [] };
    const { dashboards: left, skipped } = dashboardSet({ ...localStack, certificates });
    const rows = left.find(({ uid }) => uid === 'lookout-certificates')!.panels!.filter(({ type }) => type === 'row');
    expect(rows.map(({ title }) => title)).not.toContain('Endpoints');
    expect(skipped).toEqual([
      { dashboard: 'lookout-probes', row: null, reason: 'no probe is declared' },
      { dashboard: 'lookout-backups', row: 'CronJobs', reason: 'no backup declares a CronJob' },
      {
        dashboard: 'lookout-certificates',
        row: 'Renewal',
        reason: 'no certificate is declared of which it is known that something renews it',
      },
      { dashboard: 'lookout-certificates', row: 'Endpoints', reason: 'no certificate endpoint is declared' },
      { dashboard: 'lookout-telemetry', row: null, reason: 'no OpenTelemetry collector and no Jaeger is installed' },
    ]);
  });

  test('of which nothing lacks has everything', () => expect(dashboardSet(telemetryStack).skipped).toEqual([]));
});

describe('the finishing pass', () => {
  test('shows the namespace of the stack first', () => {
    for (const dashboard of dashboards(productionStack))
      expect(variablesOf(dashboard).find(({ name }) => name === 'namespace')?.current?.value).toBe('shop');
  });

  test('tells the time in the zone of the stack', () => {
    const zoned = { ...telemetryStack, timezone: 'Europe/Zurich' };
    expect(dashboards(zoned).map(({ timezone }) => timezone)).toEqual(sources.map(() => 'Europe/Zurich'));
  });

  test('shares no object between panels', () => {
    const targets = dashboards(productionStack).flatMap(panelsOf).flatMap(targetsOf);
    expect(new Set(targets).size).toBe(targets.length);
  });

  test('shows a shorter time and refreshes faster where everything runs faster', () => {
    const fast = dashboards(localStack);
    expect(fast.map(({ time, refresh }) => [time?.from, refresh])).toEqual(fast.map(() => ['now-30m', '5s']));
    expect(new Set(dashboards(productionStack).map(({ refresh }) => refresh))).toEqual(new Set(['1m']));
  });
});

describe('provisioning files', () => {
  const datasources = 'grafana/provisioning/datasources/lookout.yaml';

  test('name Prometheus, its user, and the file of its password', () => {
    const [datasource] = parse(file(productionStack, datasources)).datasources;
    expect(datasource).toMatchObject({
      type: 'prometheus',
      url: 'http://lookout-prometheus:9090',
      basicAuth: true,
      basicAuthUser: 'lookout',
      secureJsonData: { basicAuthPassword: '$__file{credentials/prometheus-password}' },
      jsonData: { timeInterval: '15s' },
    });
  });

  test('give the datasource the uid with which the dashboards begin', () => {
    const [datasource] = parse(file(productionStack, datasources)).datasources;
    for (const dashboard of dashboards(productionStack))
      expect(variablesOf(dashboard)[0]?.current).toMatchObject({ value: datasource.uid, text: datasource.name });
  });

  test('load the folder in which the dashboards lie', () => {
    const [provider] = parse(file(productionStack, 'grafana/provisioning/dashboards/lookout.yaml')).providers;
    expect(provider).toMatchObject({ type: 'file', options: { path: 'dashboards' } });
  });
});

function deeplyFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deeplyFrozen);
  return Object.freeze(value);
}
