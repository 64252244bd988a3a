import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MessageSummary } from '../../../demo/inbox/message.ts';
import { generations, run } from '../../support/programs.ts';
import { reachPod } from '../k8s/reach.ts';
import { installDemonstration } from '../support/demonstration.ts';
import { kubectl, temporaryNamespace } from '../support/kubectl.ts';
import { writeEnvironment } from './environment.ts';
import { defineGrafanas, generatedConfiguration, hasOperator, patchOperated } from './install.ts';
import { failures, lookout } from './lookout.ts';

/** Milliseconds that a change may take until it is in force: the kubelet shows pods a changed Secret within two minutes. */
const patience = 300_000;

const folder = mkdtempSync(join(tmpdir(), 'lookout-operated-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Directories of the node are read. */
const namespace = temporaryNamespace({ 'pod-security.kubernetes.io/enforce': 'privileged' });
let directory: string;

beforeAll(async () => {
  if (!hasOperator())
    throw new Error('this cluster has no prometheus-operator with a Prometheus and an Alertmanager "main"');
  defineGrafanas(namespace);
  directory = writeEnvironment(folder, namespace, installDemonstration(namespace, folder));
  const { code, told } = lookout('apply', directory, '--yes');
  if (code !== 0) throw new Error(told);
}, patience);

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(2000);
}

describe('an environment of flavour operator', () => {
  test('is read by the Prometheus and the Alertmanager of the operator, and its dashboards by a Grafana', () => {
    const doctor = lookout('doctor', directory, '--all');
    expect(doctor.printed).toContain('read by Prometheus monitoring/main');
    expect(doctor.printed).toContain('read by Alertmanager monitoring/main');
    expect(doctor.printed).toContain(
      'Prometheus monitoring/main: sends alerts to Service monitoring/alertmanager-operated',
    );
    expect(doctor.printed).toContain(`OnNamespace: lets through alerts with namespace=${namespace}`);
    expect(doctor.printed).toContain(`Grafana with dashboards=grafana: ${namespace}/central shows them`);
    expect(doctor.code).toBe(0);
  });

  test(
    'stands every proof: targets up, rules healthy, routes and every panel',
    async () => {
      await until(() => lookout('verify', directory).code === 0);
      const { printed } = lookout('verify', directory, '--all');
      expect(printed).toContain(`ServiceMonitor ${namespace}/lookout-exporter: in force`);
      expect(printed).toContain(`ScrapeConfig ${namespace}/lookout-shop: in force`);
      expect(printed).toContain(`AlertmanagerConfig ${namespace}/lookout: in force`);
      expect(printed).toContain(`receiver ${namespace}/lookout/operators: loaded`);
      expect(printed).toMatch(/ 0 failed/);
    },
    patience,
  );

  test('has nothing to change when it is applied again', () => {
    const { code, told } = lookout('plan', directory);
    expect({ code, told: code === 0 ? '' : told }).toEqual({ code: 0, told: '' });
  });

  test('makes the operator write a configuration that amtool takes, with the route of each alert', () => {
    const generation = generations.at(-1)!;
    const file = join(folder, 'alertmanager.yaml');
    writeFileSync(file, gunzipSync(generatedConfiguration()));
    expect(run(generation.amtool, ['check-config', file])).toContain('SUCCESS');
    const route = (...labels: readonly string[]) =>
      run(generation.amtool, ['config', 'routes', 'test', `--config.file=${file}`, ...labels]).trim();
    expect(route('alertname=ApplicationDown', 'severity=critical', `namespace=${namespace}`)).toBe(
      `${namespace}/lookout/operators`,
    );
    expect(route('alertname=Watchdog', 'severity=info', `namespace=${namespace}`)).toBe(`${namespace}/lookout/nobody`);
    expect(route('alertname=ApplicationDown', 'severity=critical', 'namespace=other')).not.toContain(namespace);
  });

  test(
    'tells people of an application that is down, and that it is over',
    async () => {
      const inbox = await reachPod(namespace, 'deployment/inbox', 8025);
      const messages = async () => (await (await inbox.ask('/api/messages', null)).json()) as readonly MessageSummary[];
      // Before Prometheus had read everything it may have told the same.
      const arrives = async (title: RegExp) => {
        const before = new Set((await messages()).map(({ id }) => id));
        const isNew = ({ id, kind, title: text }: MessageSummary) =>
          !before.has(id) && kind === 'slack' && title.test(text);
        return async () => {
          while (!(await messages()).some(isNew)) await sleep(500);
        };
      };
      const down = await arrives(/^CRITICAL \| application shop/);
      kubectl(['scale', 'deployment/shop', `--namespace=${namespace}`, '--replicas=0']);
      await down();
      const over = await arrives(/^RESOLVED \| application shop/);
      kubectl(['scale', 'deployment/shop', `--namespace=${namespace}`, '--replicas=1']);
      await over();
    },
    patience,
  );
});

describe('preflight', () => {
  test('says when what evaluates the rules sends its alerts to nobody', () => {
    const alerting = { alertmanagers: [{ namespace: 'monitoring', name: 'alertmanager-operated', port: 'web' }] };
    patchOperated('prometheus', { alerting: null });
    try {
      expect(failures('doctor', directory, 'alert-path')).toEqual([
        'Prometheus monitoring/main: evaluates the rules and sends alerts to nobody: its alerting names no Alertmanager',
      ]);
    } finally {
      patchOperated('prometheus', { alerting });
    }
  });

  test('remarks that an Alertmanager gives the receivers alerts of every namespace', () => {
    patchOperated('alertmanager', { alertmanagerConfigMatcherStrategy: { type: 'None' } });
    try {
      const { code, printed } = lookout('doctor', directory);
      expect(printed).toContain(`None: the receivers get alerts of every namespace, not of ${namespace} only`);
      expect(code).toBe(0);
    } finally {
      patchOperated('alertmanager', { alertmanagerConfigMatcherStrategy: null });
    }
  });

  test('says which labels of a Grafana would have to be others', () => {
    label('grafana.grafana.integreatly.org/central', 'dashboards=other');
    try {
      expect(failures('doctor', directory, 'grafanas')).toEqual([
        `Grafana with dashboards=grafana: there is none (${namespace}/central has not dashboards=grafana): write its labels in operator.grafana, or another way in operator.dashboards`,
      ]);
    } finally {
      label('grafana.grafana.integreatly.org/central', 'dashboards=grafana');
    }
  });
});

describe('verify', () => {
  test('names an object that is another than was built, and a dashboard that no Grafana takes', () => {
    const dashboard = kubectl(['get', 'grafanadashboard', `--namespace=${namespace}`, '--output=name']).split('\n')[0]!;
    const noGrafana = (is: boolean) =>
      change(dashboard, { status: { NoMatchingInstances: is } }, '--subresource=status');
    change('scrapeconfig/lookout-shop', { spec: { metricsPath: '/other' } });
    noGrafana(true);
    try {
      expect(failures('verify', directory, 'objects-taken')).toEqual([
        `ScrapeConfig ${namespace}/lookout-shop: it is another than was built: lookout plan shows how`,
        `GrafanaDashboard ${namespace}/${dashboard.split('/')[1]}: no Grafana has the labels that it asks for: write them in operator.grafana`,
      ]);
    } finally {
      change('scrapeconfig/lookout-shop', { spec: { metricsPath: '/prometheus' } });
      noGrafana(false);
    }
  });
});

describe('an object that nobody takes', () => {
  test(
    'is found with the reason: a selector asks for a label, a Secret has no such key',
    async () => {
      expect(failures('doctor', directory, 'selectors')).toEqual([]);
      const webhook = kubectl(['get', 'secret', 'inbox-webhook', `--namespace=${namespace}`, '--output=json']);
      patchOperated('prometheus', { ruleSelector: { matchLabels: { release: 'monitoring' } } });
      kubectl([
        'patch',
        'secret',
        'inbox-webhook',
        `--namespace=${namespace}`,
        '--type=json',
        '--patch=[{"op":"remove","path":"/data/url"}]',
      ]);
      kubectl(['annotate', 'alertmanagerconfig', 'lookout', `--namespace=${namespace}`, 'touched=yes']);
      try {
        const asks =
          'Prometheus monitoring/main its ruleSelector asks for release=monitoring, which the object does not meet';
        expect(failures('doctor', directory, 'selectors')).toEqual([
          `PrometheusRule in ${namespace}: nobody reads them: ${asks}: write operator: { labels: { release: monitoring } }`,
        ]);
        const found = () => failures('verify', directory, 'objects-taken')?.join('\n') ?? '';
        await until(() => found().includes('AlertmanagerConfig') && found().includes('PrometheusRule'));
        expect(found()).toContain(`PrometheusRule ${namespace}/lookout-stack: nobody reads it: ${asks}`);
        expect(found()).toMatch(
          /AlertmanagerConfig \S+\/lookout: AlertmanagerConfig lookout was rejected due to invalid configuration: .*inbox-webhook/,
        );
      } finally {
        patchOperated('prometheus', { ruleSelector: { matchLabels: null } });
        kubectl(['apply', '--server-side', '--force-conflicts', '--filename=-'], withoutHistory(webhook));
        kubectl(['annotate', 'alertmanagerconfig', 'lookout', `--namespace=${namespace}`, 'touched-']);
      }
      await until(() => failures('verify', directory, 'objects-taken')?.length === 0);
    },
    2 * patience,
  );
});

function label(object: string, ...labels: readonly string[]): void {
  kubectl(['label', object, `--namespace=${namespace}`, '--overwrite', ...labels]);
}

function change(object: string, patch: object, ...more: readonly string[]): void {
  kubectl(['patch', object, `--namespace=${namespace}`, '--type=merge', `--patch=${JSON.stringify(patch)}`, ...more]);
}

function withoutHistory(json: string): string {
  const { apiVersion, kind, type, data, metadata } = JSON.parse(json) as Readonly<
    Record<string, Record<string, unknown>>
  >;
  const { name, namespace: place } = metadata ?? {};
  return JSON.stringify({ apiVersion, kind, type, data, metadata: { name, namespace: place } });
}
