import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { manifests } from '../../../k8s/index.ts';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { alertmanagerFiles } from '../../../notifications/index.ts';
import { buildOutputs, leftOut } from '../../../provision/build/outputs.ts';
import { scrapeFiles } from '../../../scrape/index.ts';
import type { OutputFile, Stack } from '../../../stack/types.ts';
import { facts } from '../../notifications/facts.ts';
import { expectGolden } from '../../support/golden.ts';
import { generations, run } from '../../support/programs.ts';
import { operatorStacks } from './stacks.ts';

const directory = mkdtempSync(join(tmpdir(), 'lookout-operator-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** The objects that operators read, and no other. */
function operatorObjects(stack: Stack, outputs = buildOutputs(stack)): readonly KubernetesObject[] {
  const own = new Set(['scrape', 'rules', 'notifications', 'dashboards']);
  return manifests(stack, outputs, '//').objects.filter(({ metadata }) =>
    own.has(metadata.labels?.['app.kubernetes.io/component'] ?? ''),
  );
}

/** What the rooms make, with few rules and dashboards: theirs are recorded where they are made. */
function fewOutputs(stack: Stack): readonly OutputFile[] {
  const rule = {
    alert: 'BackupMissed',
    expr: 'lookout_backup_missed_runs > 0',
    for: '5m',
    labels: { severity: 'critical' },
  };
  const dashboards = buildOutputs(stack).filter(({ path }) => path.startsWith('grafana/provisioning/'));
  return [
    ...scrapeFiles(stack),
    ...alertmanagerFiles(stack, facts),
    {
      path: 'prometheus/rules/backups.yml',
      content: stringify({ groups: [{ name: 'backups', interval: '15s', rules: [rule] }] }),
    },
    { path: 'grafana/dashboards/lookout-backups.json', content: '{ "uid": "lookout-backups" }\n' },
    ...dashboards,
  ];
}

/** Texts of messages are recorded where they are made too. */
function withoutTexts(object: KubernetesObject): unknown {
  return JSON.parse(
    JSON.stringify(object, (_, value: unknown) =>
      typeof value === 'string' && value.includes('{{ define')
        ? value.replace(/^.*(?=\{\{ ?template)/s, '<definitions>')
        : value,
    ),
  );
}

describe.each(Object.entries(operatorStacks))('the objects for operators of a stack of kind %s', (name, stack) => {
  const objects = operatorObjects(stack);

  test('are as recorded', () => {
    const few = operatorObjects(stack, fewOutputs(stack)).map(withoutTexts);
    expectGolden(`k8s/operator/${name}.yaml`, few.map((object) => stringify(object, { lineWidth: 0 })).join('---\n'));
  });

  test('all have the labels that the selectors of the cluster ask for, and lie in the namespace that is watched', () => {
    for (const { metadata } of objects) {
      expect(metadata.labels).toMatchObject(stack.cluster!.operator.labels);
      expect(metadata.namespace).toBe(stack.namespace);
    }
  });

  test('come with the exporter, and without a Prometheus, an Alertmanager or a Grafana of ours', () => {
    const workloads = manifests(stack, buildOutputs(stack), '//').objects.filter(({ kind }) =>
      ['Deployment', 'StatefulSet', 'DaemonSet'].includes(kind),
    );
    expect(
      workloads
        .map(({ metadata }) => metadata.name)
        .filter(
          (each) =>
            !/^lookout-(exporter|kube-state-metrics|otel-collector|jaeger|blackbox-exporter|database)/.test(each),
        ),
    ).toEqual([]);
    expect(workloads.length).toBeGreaterThan(0);
  });

  test.each(generations)('hold rules that promtool takes ($name)', ({ promtool }) => {
    const rules = objects.filter(({ kind }) => kind === 'PrometheusRule');
    const files = rules.map(({ metadata, spec }) => {
      const file = join(directory, `${name}-${metadata.name}.yml`);
      writeFileSync(file, stringify(spec));
      return file;
    });
    expect(files.length).toBeGreaterThan(5);
    expect(run(promtool, ['check', 'rules', ...files])).not.toContain('FAILED');
  });

  test('hold the rules of the rule files, each file in one object', () => {
    const files = buildOutputs(stack).filter(({ path }) => path.startsWith('prometheus/rules/'));
    const rules = objects.filter(({ kind }) => kind === 'PrometheusRule');
    expect(rules.map(({ spec }) => spec)).toEqual(files.map(({ content }) => parse(content) as object));
  });

  test('let the Prometheus of others into the exporter, wherever it is', () => {
    const policies = manifests(stack, buildOutputs(stack), '//').objects.filter(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name.startsWith('lookout-exporter'),
    );
    expect(policies.length).toBeGreaterThan(0);
    for (const { spec } of policies)
      expect(spec).toMatchObject({ ingress: [{ ports: [{ port: 'http', protocol: 'TCP' }] }] });
    expect(JSON.stringify(policies)).not.toContain('"from"');
  });

  test('refer to keys of Secrets that are planned or the user’s own, and hold no path of a file', () => {
    const { secrets } = manifests(stack, buildOutputs(stack), '//');
    const planned = secrets.flatMap((secret) => Object.keys(secret.entries).map((key) => `${secret.name}/${key}`));
    const own = Object.values(stack.secrets).flatMap((reference) =>
      reference.kind === 'kubernetes' ? [`${reference.secret}/${reference.key}`] : [],
    );
    const used = objects.flatMap(references);
    expect(used.length).toBeGreaterThan(1);
    expect(used.filter((each) => ![...planned, ...own].includes(each))).toEqual([]);
    expect(JSON.stringify(objects)).not.toMatch(/credentials\/|_file"/);
  });
});

/** Every `{name, key}` in an object. */
function references(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  const keys = Object.keys(value).sort().join();
  if (keys === 'key,name') return [`${(value as { name: string }).name}/${(value as { key: string }).key}`];
  return Object.values(value).flatMap(references);
}

describe('what is scraped', () => {
  test('is reached from another namespace: a name without a dot is a Service of ours', () => {
    const found = operatorObjects(operatorStacks['operator']!).find(
      ({ kind, metadata }) => kind === 'ScrapeConfig' && metadata.name === 'lookout-shop',
    );
    expect(found?.['spec']).toMatchObject({ staticConfigs: [{ targets: ['shop.shop.svc:8080'] }] });
  });

  test('is a Probe where no ScrapeConfig is served', () => {
    const kinds = new Set(operatorObjects(operatorStacks['operator-openshift']!).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['AlertmanagerConfig', 'Probe', 'PrometheusRule', 'ServiceMonitor']);
  });

  test('is asked there for its metrics, not for what a Probe asks by itself', () => {
    const found = operatorObjects(operatorStacks['operator-openshift']!)
      .filter(({ metadata }) => /^lookout-(database-|shop$)/.test(metadata.name))
      .map(({ spec }) => (spec as { prober: { path?: string } }).prober.path);
    expect(found).toEqual(['/metrics', '/metrics', '/prometheus']);
  });
});

describe('dashboards in a Grafana that several stacks share', () => {
  const stack = operatorStacks['operator']!;
  const uidsOf = (one: Stack) =>
    operatorObjects(one)
      .filter(({ kind }) => kind === 'GrafanaDashboard')
      .map(({ spec }) => (JSON.parse((spec as { json: string }).json) as { uid: string }).uid);

  test('have names that no other stack has, and that Grafana takes', () => {
    const [one, other] = [uidsOf(stack), uidsOf({ ...stack, name: 'another' })];
    expect(one.length).toBeGreaterThan(3);
    expect(one.filter((uid) => other.includes(uid))).toEqual([]);
    for (const uid of one) expect(uid).toMatch(/^[a-z0-9-]{1,40}$/);
  });

  test('are those that the links of alerts lead to, and begin with the datasource that is delivered', () => {
    const text = JSON.stringify(operatorObjects(stack));
    const linked = [...text.matchAll(/grafana\.example\.com\/d\/([^?]+)\?/g)].map(([, uid]) => uid!);
    expect(new Set(linked).size).toBeGreaterThan(2);
    expect(linked.filter((uid) => !uidsOf(stack).includes(uid))).toEqual([]);
    const source = operatorObjects(stack).find(({ kind }) => kind === 'GrafanaDatasource');
    const { uid } = (source!['spec'] as { datasource: { uid: string } }).datasource;
    for (const { kind, spec } of operatorObjects(stack)) {
      if (kind === 'GrafanaDashboard') expect((spec as { json: string }).json).toContain(`"value": "${uid}"`);
    }
  });
});

test('what is about the programs of others is left out, with the reason', () => {
  const about = leftOut(operatorStacks['operator']!).filter(({ reason }) => reason.startsWith('flavour operator'));
  expect(about.map(({ what }) => what)).toEqual([
    'alert PrometheusRuleFailures',
    'alert PrometheusConfigReloadFailed',
    'alert AlertmanagerConfigReloadFailed',
    'alert NotificationsFailing',
    'alert PrometheusNotConnectedToAlertmanager',
    'alert AlertsNotAccepted',
    'row From alert to person of lookout-stack',
    'row Prometheus of lookout-stack',
  ]);
});
