import { describe, expect, test } from 'vitest';
import { buildOutputs } from '../../provision/build/outputs.ts';
import { panelQueries, substitute } from '../../provision/checks/queries.ts';
import { localStack } from '../support/stacks.ts';

describe('the queries of a dashboard', () => {
  const json = JSON.stringify({
    title: 'Backups',
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', current: { value: 'prometheus' } },
        {
          name: 'namespace',
          type: 'query',
          current: { value: 'demo' },
          query: { query: 'label_values(up, namespace)' },
        },
        {
          name: 'backup',
          type: 'query',
          allValue: '.+',
          current: { value: ['$__all'] },
          query: { query: 'label_values(lookout_backup_info{namespace="$namespace"}, backup)' },
        },
      ],
    },
    panels: [
      { title: 'row', panels: [{ title: 'Inner', targets: [{ expr: 'up{namespace="$namespace"}' }] }] },
      { title: 'Age', targets: [{ expr: `rate(x{backup=~"\${backup:regex}"}[$__rate_interval])` }] },
      {
        title: 'Failed',
        fieldConfig: { defaults: { noValue: 'none' } },
        targets: [{ expr: 'errors > 0' }, { expr: 'errors' }],
      },
    ],
  });

  test('are those of its variables and of all panels, also of those inside rows', () => {
    expect(panelQueries(json, { __rate_interval: '20s' })).toEqual([
      { subject: 'variable Backups / namespace', expr: 'up', whenEmpty: undefined },
      { subject: 'variable Backups / backup', expr: 'lookout_backup_info{namespace="demo"}', whenEmpty: undefined },
      { subject: 'panel Backups / Inner', expr: 'up{namespace="demo"}', whenEmpty: undefined },
      { subject: 'panel Backups / Age', expr: 'rate(x{backup=~".+"}[20s])', whenEmpty: undefined },
      { subject: 'panel Backups / Failed', expr: 'errors > 0', whenEmpty: 'none' },
      { subject: 'panel Backups / Failed', expr: 'errors', whenEmpty: undefined },
    ]);
  });

  test('of every built dashboard are complete: no variable of Grafana is left in them', () => {
    const files = buildOutputs(localStack).filter(({ path }) => path.startsWith('grafana/dashboards/'));
    const builtIn = { __rate_interval: '20s', __interval: '1s', __range: '30m' };
    const queries = files.flatMap(({ content }) => panelQueries(content, builtIn));
    expect(queries.length).toBeGreaterThan(50);
    expect(queries.filter(({ expr }) => /\$[a-zA-Z_]|\$\{/.test(expr))).toEqual([]);
  });

  test("leave a regular expression's own dollar alone", () => {
    expect(substitute('label_replace(up, "a", "$1", "b", "(.+)")', {})).toContain('"$1"');
  });
});
