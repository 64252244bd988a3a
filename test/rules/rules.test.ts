import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseDuration } from '../../common/durations.ts';
import { dashboards } from '../../dashboards/index.ts';
import { families } from '../../exporter/metrics/index.ts';
import {
  alertNames,
  alertProblems,
  alerts,
  inhibitions,
  ruleFiles,
  ruleSet,
  thresholdOf,
  topics,
} from '../../rules/index.ts';
import type { RecordingRule, RenderedAlert } from '../../rules/types.ts';
import { app, backup, database, db, storage } from '../../rules/vocabulary.ts';
import { type Application, conventions, databaseEngines, type Stack } from '../../stack/types.ts';
import { readRecording } from '../dashboards/proof/recording.ts';
import { parseExposition } from '../support/exposition.ts';
import { expectGolden } from '../support/golden.ts';
import { generations, run } from '../support/programs.ts';
import { localStack, productionStack, telemetryStack } from '../support/stacks.ts';
import { metricsOf } from './mutants.ts';

const stacks = [localStack, productionStack];
const root = resolve(import.meta.dirname, '../..');

describe.each(stacks)('the rule files of $name', (stack) => {
  const files = ruleFiles(stack);

  test.each(files)('$path is as recorded', ({ path, content }) =>
    expectGolden(`rules/${stack.name}/${basename(path)}`, content),
  );

  test('are the same bytes each time', () => expect(ruleFiles(structuredClone(stack))).toEqual(files));

  test.each(generations)('pass every check of promtool ($name)', ({ promtool }) => {
    const directory = mkdtempSync(join(tmpdir(), 'lookout-rules-'));
    try {
      const paths = files.map(({ path }) => join(directory, basename(path)));
      for (const [index, { content }] of files.entries()) writeFileSync(paths[index] ?? '', content);
      expect(run(promtool, ['check', 'rules', '--lint=all', '--lint-fatal', ...paths])).toContain('SUCCESS');
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  test('hold the same groups as the rule set', () => {
    const groups = files.flatMap(({ content }) => parse(content).groups as { name: string; rules: unknown[] }[]);
    expect(groups.map(({ name, rules }) => [name, rules.length])).toEqual(
      ruleSet(stack).groups.map(({ name, rules }) => [name, rules.length]),
    );
  });
});

describe('every alert', () => {
  const rendered = ruleSet(productionStack).groups.flatMap(({ rules }) => rules.filter((rule) => 'alert' in rule));

  test('has a name of its own: subject and condition', () => {
    expect(new Set(alertNames).size).toBe(alertNames.length);
    for (const name of alertNames) expect(name).toMatch(/^([A-Z][a-z]+)+$/);
  });

  test.each(rendered)('$alert says what, how much and what to do first', ({ annotations, labels }) => {
    for (const name of ['summary', 'detail', 'description', 'action', 'object', 'dashboard_url'])
      expect(annotations[name], name).toBeTruthy();
    expect(annotations['description']).toMatch(/^([A-Z]|\{\{).*\.$/);
    expect(Object.keys(labels).filter((name) => !['severity', 'namespace'].includes(name))).toEqual([]);
  });

  test.each(alerts)('$name fires with the label that names its object', ({ object, scenarios }) => {
    for (const labels of scenarios.flatMap(({ fires }) => fires))
      expect(['namespace', ...Object.keys(labels)]).toContain(object);
  });

  test.each(rendered)('$alert looks back over at least four scrapes', ({ expr }) => {
    for (const [, range = ''] of expr.matchAll(/\[(\w+)\]/g))
      expect(parseDuration(range)).toBeGreaterThanOrEqual(4 * productionStack.intervals.scrape);
  });

  test.each(alerts)('$name points at a panel that exists', ({ panel }) => {
    const dashboard = dashboards(telemetryStack).find(({ uid }) => uid === panel.dashboard);
    expect((dashboard?.panels ?? []).map((one) => ('title' in one ? one.title : ''))).toContain(panel.panel);
  });
});

/**
 * Newer than the exporters that were recorded. Sources: postgres_exporter, `collector/pg_replication.go`; redis_exporter, whose
 * `redis_config_maxclients` has become `redis_max_clients`.
 */
const unrecorded = ['pg_replication_lag_seconds', 'pg_replication_is_replica', 'redis_max_clients'];

describe('every metric', () => {
  const known = new Set([
    ...families.map(({ name }) => name),
    ...Object.values({ ...app, ...db, ...database, ...storage, ...backup }),
    ...recordedNames(),
    ...unrecorded,
    'up',
  ]);

  test.each(conventions)('that rules with %s select is served, recorded or was seen in a recording', (convention) => {
    const [application] = productionStack.applications as readonly [Application];
    const stack = { ...productionStack, applications: [{ ...application, convention }] };
    for (const rule of ruleSet(stack).groups.flatMap(({ rules }) => rules))
      for (const metric of expressionsOf(rule).flatMap(metricsOf)) expect(known, metric).toContain(metric);
  });

  test('that is recorded is in the vocabulary, and the other way round', () => {
    const records = ruleSet(productionStack).groups.flatMap(({ rules }) =>
      rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])),
    );
    expect(new Set(records)).toEqual(new Set(Object.values({ ...app, ...db, ...database, ...storage, ...backup })));
  });

  test('that is recorded is named level:metric:operations', () => {
    for (const name of Object.values({ ...app, ...db, ...storage, ...backup })) expect(name).toMatch(/^\w+:\w+:\w+$/);
  });
});

describe('an environment', () => {
  test('changes threshold, time, severity and whether there is an alert', () => {
    const stack = withAlerts({
      CertificateExpiringSoon: { threshold: 7 * 86_400, for: 30, severity: 'info' },
      BackupShrunk: { enabled: false },
    });
    const rule = alertOf(stack, 'CertificateExpiringSoon');
    expect(rule).toMatchObject({ for: 30, labels: { severity: 'info' }, annotations: { limit: '7d' } });
    expect(rule?.expr).toContain('< 604800');
    expect(thresholdOf(stack, 'CertificateExpiringSoon')).toEqual({ value: 604_800, unit: 's' });
    expect(alertOf(stack, 'BackupShrunk')).toBeUndefined();
    expect(ruleSet(stack).skipped).toEqual([
      { alert: 'BackupShrunk', reason: 'switched off in the environment (alerts.BackupShrunk.enabled)' },
    ]);
  });

  test('is told of an alert that does not exist and of a threshold that an alert does not have', () => {
    expect(
      alertProblems(
        withAlerts({ VolumeFul: {}, Nonsense: {}, BackupInvalid: { threshold: 1 }, VolumeFull: { for: 1 } }),
      ),
    ).toEqual([
      { path: 'alerts.VolumeFul', message: 'there is no alert VolumeFul, did you mean VolumeFull?' },
      {
        path: 'alerts.Nonsense',
        message: expect.stringContaining('there is no alert Nonsense; there are BackupMissed, '),
      },
      {
        path: 'alerts.BackupInvalid.threshold',
        message: 'BackupInvalid has no threshold; it allows for, severity and enabled',
      },
    ]);
  });

  test.each([
    ['CertificateExpiringSoon', { threshold: 7 }, 'a duration with its unit, such as 30s or 7d'],
    ['CertificateExpiringSoon', { threshold: 0.1, thresholdUnit: 'percentunit' }, 'a duration with its unit'],
    ['VolumeFull', { threshold: 2, thresholdUnit: 'percentunit' }, 'a share up to 100%, such as 90%'],
    ['VolumeFull', { threshold: 604_800, thresholdUnit: 's' }, 'a share up to 100%'],
    ['BackupMissed', { threshold: 60, thresholdUnit: 's' }, 'a plain number, such as 2'],
  ] as const)('is told of a limit of %s that would switch it off: %j', (name, override, limit) => {
    expect(alertProblems(withAlerts({ [name]: override }))).toEqual([
      { path: `alerts.${name}.threshold`, message: expect.stringContaining(`the limit of ${name} is ${limit}`) },
    ]);
  });

  test('may write a limit in the unit of its alert, a share as a number, and nothing as 0', () => {
    const overrides = {
      CertificateExpiringSoon: { threshold: 604_800, thresholdUnit: 's' },
      CertificateExpired: { threshold: 0 },
      VolumeFull: { threshold: 0.9 },
      VolumeFillingUp: { threshold: 0.7, thresholdUnit: 'percentunit' },
      BackupMissed: { threshold: 1 },
    } as const;
    expect(alertProblems(withAlerts(overrides))).toEqual([]);
  });

  test('that declares nothing gets the alerts of the stack itself, and a reason for each other one', () => {
    const bare: Stack = {
      ...productionStack,
      applications: [],
      probes: [],
      databases: [],
      backups: [],
      volumes: [],
      certificates: { ...productionStack.certificates, files: [], certManager: [], endpoints: [] },
    };
    expect(ruleSet(bare).groups.map(({ name }) => name)).toEqual(['exporter', 'stack', 'alerting']);
    expect(ruleSet(bare).skipped).toHaveLength(alerts.length - 1 - 10);
    for (const { reason } of ruleSet(bare).skipped) expect(reason).toMatch(/^no /);
  });

  test('without a CronJob has no alert about CronJobs, and one that only cleans up has none about its artifacts', () => {
    const names = (stack: Stack) => ruleSet(stack).groups.map(({ name }) => name);
    expect(names(localStack)).not.toEqual(expect.arrayContaining(['cronjobs']));
    expect(names(localStack)).not.toEqual(expect.arrayContaining(['runs']));
    const backups = productionStack.backups.map((backup) => ({ ...backup, cronJob: null }));
    const cleaned = { ...productionStack, backups };
    expect(names(cleaned)).toEqual(expect.arrayContaining(['cronjobs', 'runs']));
    expect(ruleSet(cleaned).skipped).toEqual([
      { alert: 'BackupWithoutArtifact', reason: 'no backup declares the CronJob that makes it' },
      ...ruleSet(productionStack).skipped,
    ]);
  });

  test('with a pace waits and looks back shorter by that factor', () => {
    expect(alertOf(productionStack, 'ApplicationErrors')?.for).toBe(300);
    expect(alertOf(localStack, 'ApplicationErrors')?.for).toBe(20);
    expect(alertOf(localStack, 'PrometheusRuleFailures')?.expr).toContain('[20s]');
  });

  test('with an application that is not scraped has no rules for it', () => {
    const [application] = localStack.applications as readonly [Application];
    const names = ruleSet({ ...localStack, applications: [{ ...application, metrics: null }] }).groups.map(
      ({ name }) => name,
    );
    expect(names).not.toContain('application');
  });
});

describe('links', () => {
  test('lead to the start page for runbooks and to Grafana for dashboards, narrowed to the object', () => {
    expect(alertOf(localStack, 'BackupMissed')?.annotations).toMatchObject({
      runbook_url: 'http://127.0.0.1:19300/runbooks/BackupMissed',
    });
    expect(alertOf(productionStack, 'BackupMissed')?.annotations['dashboard_url']).toBe(
      'https://grafana.example.com/d/lookout-backups?var-namespace=shop&var-backup={{ $labels.backup | urlquery }}',
    );
  });

  test('of an alert about a CronJob lead to its backup', () =>
    expect(alertOf(productionStack, 'BackupCronJobSuspended')?.annotations['dashboard_url']).toBe(
      'https://grafana.example.com/d/lookout-backups?var-namespace=shop&var-backup={{ $labels.backup | urlquery }}',
    ));

  test('are left out where nothing serves them', () => {
    const nowhere = alertOf({ ...productionStack, grafana: { url: null } }, 'BackupMissed');
    expect(Object.keys(nowhere?.annotations ?? {}).filter((name) => name.endsWith('_url'))).toEqual([]);
  });
});

describe('inhibitions', () => {
  const labelsOf = (name: string) =>
    alerts.find((alert) => alert.name === name)?.scenarios.flatMap(({ fires }) => fires) ?? [];

  test.each(inhibitions)('$causes hides $effects by labels that both carry', ({ causes, effects, equal }) => {
    for (const name of [...causes, ...effects]) {
      expect(alertNames).toContain(name);
      for (const labels of labelsOf(name))
        expect(['namespace', ...Object.keys(labels)]).toEqual(expect.arrayContaining([...equal]));
    }
  });

  test('hide everything that the exporter sees while it is down', () => {
    const others = ['application', 'probes', 'databases', 'telemetry', 'stack', 'alerting'];
    const seen = topics.filter(({ name }) => !others.includes(name));
    const names = seen
      .flatMap((topic) => topic.alerts.map(({ name }) => name))
      .filter((name) => name !== 'ExporterDown');
    const hidden = inhibitions
      .filter(({ causes }) => causes.includes('ExporterDown'))
      .flatMap(({ effects }) => effects);
    expect(new Set(hidden)).toEqual(new Set([...names, 'TargetDown']));
  });

  test('never go round in a circle', () => {
    const effectsOf = (name: string): readonly string[] =>
      inhibitions.filter(({ causes }) => causes.includes(name)).flatMap(({ effects }) => effects);
    const reach = (name: string, depth: number): readonly string[] =>
      depth === 0 ? [] : effectsOf(name).flatMap((effect) => [effect, ...reach(effect, depth - 1)]);
    for (const name of alertNames) expect(reach(name, alertNames.length)).not.toContain(name);
  });
});

describe('the lists', () => {
  test('have every topic of rules/alerts and every convention of the stack', () => {
    expect(topics).toHaveLength(readdirSync(join(root, 'rules/alerts')).length);
    const files = readdirSync(join(root, 'rules/conventions')).map((file) => basename(file, '.ts'));
    expect(files.filter((file) => !['index', 'convention'].includes(file)).sort()).toEqual(
      [...conventions, ...databaseEngines].sort(),
    );
  });
});

function withAlerts(overrides: Stack['alerts']): Stack {
  return { ...telemetryStack, alerts: overrides };
}

function alertOf(stack: Stack, name: string): RenderedAlert | undefined {
  const rules = ruleSet(stack).groups.flatMap((group) => group.rules);
  return rules.filter((rule) => 'alert' in rule).find(({ alert }) => alert === name);
}

/** The expression of a rule and those that its annotations ask. */
function expressionsOf(rule: RecordingRule | RenderedAlert): readonly string[] {
  if ('record' in rule) return [rule.expr];
  const asked = Object.values(rule.annotations).flatMap((text) => [...text.matchAll(/printf `([^`]+)`[^}]*\| query/g)]);
  return [rule.expr, ...asked.map(([, query = '']) => query.replaceAll('%q', '"x"').replaceAll('%%', '%'))];
}

function recordedNames(): readonly string[] {
  const folder = join(root, 'test/fixtures/rules');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.prom'));
  const expositions = files.flatMap((file) => parseExposition(readFileSync(join(folder, file), 'utf8')));
  const probed = readdirSync(join(root, 'test/fixtures/dashboards')).filter((file) => file.startsWith('probes-'));
  const recordings = [...probed, 'databases/recording.json.gz'].map((file) =>
    readRecording(join(root, 'test/fixtures/dashboards', file)),
  );
  return [
    ...expositions.map(({ name }) => name),
    ...recordings.flatMap(({ groups }) =>
      groups.flatMap(({ series }) => series.map(({ labels }) => labels['__name__'] ?? '')),
    ),
  ];
}
