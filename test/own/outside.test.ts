import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { end, environment, folderWith, goodFiles, lookoutIn, root } from './folder.ts';

/** An environment outside the checkout with a dashboard, rules and a file that both share. */
let folder: string;
beforeAll(() => {
  folder = folderWith(goodFiles);
});
afterAll(() => rmSync(dirname(folder), { recursive: true, force: true }));

const output = (path: string) => readFileSync(join(folder, 'dist/shop', path), 'utf8');

test('its dashboard and its rules are built like ours', async () => {
  const built = await lookoutIn(folder, ['build', '.', '--dist', 'dist']);
  expect(built).toMatchObject({ code: 0, stderr: '' });
  const dashboard = JSON.parse(output('grafana/dashboards/queues.json'));
  expect(dashboard).toMatchObject({ uid: 'queues', tags: ['lookout'], editable: false });
  const panel = dashboard.panels.find(({ type }: { type: string }) => type === 'timeseries');
  expect(panel.targets[0]).toMatchObject({ expr: 'queue_used_ratio{namespace="$namespace"}', refId: 'A' });
  expect(panel.fieldConfig.defaults.thresholds.steps[1].value).toBe(0.8);
  expect(output('prometheus/rules/queues.yml')).toContain('expr: queue_used_ratio{namespace="shop"} > 0.8');
});

test('Prometheus and Grafana get them in the objects that they read', async () => {
  const objects = ['prometheus', 'grafana'].flatMap((component) =>
    parseAllDocuments(output(`kubernetes/${component}.yaml`)).map((document) => document.toJS()),
  );
  const keys = objects.filter(({ kind }) => kind === 'ConfigMap').flatMap(({ data }) => Object.keys(data ?? {}));
  expect(keys).toEqual(expect.arrayContaining([expect.stringMatching(/queues\.yml$/), 'dashboards.queues.json']));
});

test('messages tell its alerts apart by what they are about', () => {
  expect(parseAllDocuments(output('alertmanager/alertmanager.yml'))[0]?.toJS().route.group_by).toContain('queue');
});

test('why tells of its alert, with its runbook and the threshold in force', async () => {
  writeFileSync(join(folder, 'environment.yaml'), `${environment}alerts:\n  QueueFilling: { threshold: 90% }\n`);
  const { stdout } = await lookoutIn(folder, ['why', '.', 'QueueFilling']);
  expect(stdout).toContain('shop: QueueFilling is in force, in the group queues');
  expect(stdout).toContain('More is put in than taken out.');
  expect(stdout).toContain('Limit: 90%');
});

test('env check says what was proven', async () => {
  const { stdout, code } = await lookoutIn(folder, ['env', 'check', '.']);
  expect(stdout).toContain('its own: 1 dashboard, 1 alert, 3 scenarios proven by promtool');
  expect(code).toBe(0);
});

test('the example in README.md is one', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, rules = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const example = folderWith({ ...goodFiles, 'rules/queues.ts': rules });
  const { stdout, stderr } = await lookoutIn(example, ['env', 'check', '.']);
  rmSync(dirname(example), { recursive: true });
  expect(stderr).toBe('');
  expect(stdout).toContain('its own: 1 dashboard, 1 alert, 3 scenarios proven');
});

test('its scenarios hold whatever the intervals and the patience of the environment are', async () => {
  const text = `${environment}intervals: { scrape: 1m, evaluation: 1m }\nalerts:\n  QueueFilling: { for: 703s }\n`;
  writeFileSync(join(folder, 'environment.yaml'), text);
  expect(await lookoutIn(folder, ['env', 'check', '.'])).toMatchObject({ code: 0, stderr: '' });
});

test('without promtool env check refuses, and build says that nothing was proven', async () => {
  const nowhere = { PATH: '/nonexistent' };
  expect(await lookoutIn(folder, ['env', 'check', '.'], nowhere)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("rules/queues.ts: an environment's own rules are proven by promtool"),
  });
  expect(await lookoutIn(folder, ['build', '.', '--dist', 'dist'], nowhere)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('rules/queues.ts: not proven'),
  });
});

test('the types of its files are checked without anything installed beside them', async () => {
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(root, 'tsconfig.environment.json') }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  expect(await end([tsc, '-p', folder], folder)).toMatchObject({ code: 0, stdout: '' });
  writeFileSync(join(folder, 'dashboards/wrong.ts'), `import { graph } from 'lookout/dashboards';\ngraph(1);\n`);
  const { code, stdout } = await end([tsc, '-p', folder], folder);
  rmSync(join(folder, 'dashboards/wrong.ts'));
  expect(stdout).toContain('wrong.ts(2,');
  expect(code).not.toBe(0);
});
