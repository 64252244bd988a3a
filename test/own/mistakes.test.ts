import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, goodDashboard, goodFiles, goodRules, lookoutIn } from './folder.ts';

/** What is wrong with one file, and what is said of it: always with the file and the line. */
const mistakes: Readonly<Record<string, readonly [path: string, content: string, said: RegExp]>> = {
  'a mistake of syntax': [
    'dashboards/queues.ts',
    goodDashboard.replace("uid: 'queues',", "uid: 'queues' title"),
    /^dashboards\/queues\.ts:6: cannot be loaded: Expected "}" but found "title"/m,
  ],
  'a name that is declared twice': [
    'rules/queues.ts',
    `${goodRules}const filling = 1;\n`,
    /^rules\/queues\.ts:22: cannot be loaded: The symbol "filling" has already been declared/m,
  ],
  'TypeScript that cannot be stripped': [
    'rules/queues.ts',
    `${goodRules}enum Colour { Red }\n`,
    /^rules\/queues\.ts:22: cannot be loaded: TypeScript enum is not supported/m,
  ],
  'an import of what is not installed': [
    'rules/queues.ts',
    `import { x } from 'lodash';\n${goodRules}`,
    /^rules\/queues\.ts:1: cannot be loaded: Cannot find package 'lodash'/m,
  ],
  'an import of a name that is not there': [
    'rules/queues.ts',
    goodRules.replace('always,', 'allways,'),
    /^rules\/queues\.ts:1: cannot be loaded: .*does not provide an export named 'allways'/m,
  ],
  'no export of the expected name': [
    'rules/queues.ts',
    goodRules.replace('const topic', 'const queues'),
    /^rules\/queues\.ts:\d+: exports no "topic" \(it exports queues\)/m,
  ],
  'code that throws as it is loaded': [
    'dashboards/queues.ts',
    `${goodDashboard}\nthrow new Error('no such thing');\n`,
    /^dashboards\/queues\.ts:23: cannot be loaded: no such thing/m,
  ],
  'a panel that throws': [
    'dashboards/queues.ts',
    goodDashboard.replace("limit('QueueFilling')", "limit('QueueFull')"),
    /^dashboards\/queues\.ts:18: queues: cannot be built: there is no alert QueueFull/m,
  ],
  'an expression that throws': [
    'rules/queues.ts',
    goodRules.replace('select(metric)', 'missing(metric)'),
    /^rules\/queues\.ts:9: queues: cannot be rendered: missing is not defined/m,
  ],
  'a wrong shape': [
    'rules/queues.ts',
    goodRules.replace('for: 120', "for: '2m'").replace("severity: 'warning'", "severity: 'bad'"),
    /^rules\/queues\.ts:5: topic\.alerts\.0\.severity: Invalid option.*\n.*rules\/queues\.ts:5: topic\.alerts\.0\.for: .*expected number/m,
  ],
  'a key that does not exist': [
    'dashboards/queues.ts',
    goodDashboard.replace("from: 'now-6h'", "from: 'now-6h',\n  refresh: '1s'"),
    /^dashboards\/queues\.ts:6: dashboard: Unrecognized key: "refresh"/m,
  ],
  'an alert without a scenario that stays quiet': [
    'rules/queues.ts',
    goodRules
      .replace('value: 0.8', 'value: 0.8')
      .replace(/scenarios: .*,\n};/, "scenarios: [{ title: 'x', fires: [{}], series: () => [] }],\n};"),
    /topic\.alerts\.0\.scenarios: none stays quiet\n.*none is without the series/m,
  ],
  'an alert of our name': [
    'rules/queues.ts',
    goodRules.replaceAll('QueueFilling', 'VolumeFull'),
    /^rules\/queues\.ts:5: there are two of the alert VolumeFull: Lookout has one of this name/m,
  ],
  'a rule file of our name': [
    'rules/queues.ts',
    goodRules.replace("name: 'queues'", "name: 'volumes'"),
    /^rules\/queues\.ts:21: there are two of the topic volumes: Lookout has one/m,
  ],
  'a dashboard of a name that another file has': [
    'dashboards/second.ts',
    goodDashboard.replace('Queues of the shop', 'Another'),
    /^dashboards\/second\.ts:6: there are two of the dashboard uid queues: dashboards\/queues\.ts has one/m,
  ],
  'a recording of our name': [
    'rules/queues.ts',
    goodRules.replace(
      'alerts: [filling]',
      "alerts: [filling], records: () => [{ record: 'volume:used:ratio', expr: 'up' }]",
    ),
    /^rules\/queues\.ts:21: volume:used:ratio: Lookout records volume:used:ratio itself/m,
  ],
  'an expression that is no PromQL': [
    'rules/queues.ts',
    goodRules.replace(' > $', ' >> $'),
    /^rules\/queues\.ts:5: QueueFilling: its expression is no PromQL at /m,
  ],
  'what the lint finds': [
    'dashboards/queues.ts',
    goodDashboard.replace("noValue: 'nothing tells of queues'", "noValue: ''"),
    /^dashboards\/queues\.ts:\d+: queues: panel "Queues": has no noValue/m,
  ],
  'a panel that nobody has': [
    'rules/queues.ts',
    goodRules.replace("panel: 'Queues'", "panel: 'Gone'"),
    /^rules\/queues\.ts:5: QueueFilling: sends people to the panel "Gone" of the dashboard queues, which is not there/m,
  ],
  'a scenario that does not come out': [
    'rules/queues.ts',
    goodRules.replace(' > $', ' >= $'),
    /^rules\/queues\.ts:5: QueueFilling: a scenario does not come out as it says, on shop:\n(.*\n)*.*exactly the share is in use/m,
  ],
  'rules that promtool refuses': [
    'rules/queues.ts',
    goodRules.replace('select(metric)', '"rate(" + select(metric) + ")"'),
    /^rules\/queues\.ts:21: queues: promtool refuses its rules, on shop:\n(.*\n)*.*expected type range vector/m,
  ],
  'an override of an alert that does not exist': [
    'environment.yaml',
    `${goodFiles['environment.yaml']}alerts:\n  QueueFiling: { for: 5m }\n`,
    /^environment\.yaml:7: alerts\.QueueFiling: there is no alert QueueFiling, did you mean QueueFilling\?/m,
  ],
};

test.concurrent.each(Object.entries(mistakes))('%s is told with its place', async (_name, [path, content, said]) => {
  const folder = folderWith({ ...goodFiles, [path]: content });
  const { code, stderr } = await lookoutIn(folder, ['env', 'check', '.']);
  rmSync(dirname(folder), { recursive: true });
  expect(stderr).toMatch(said);
  expect(code).toBe(1);
});
