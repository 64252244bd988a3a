import { describe, expect, test } from 'vitest';
import { dashboards } from '../../dashboards/index.ts';
import { lint, lintRules } from '../../dashboards/lint/index.ts';
import { panelsOf, type Target, targetsOf, variablesOf } from '../../dashboards/lint/parts.ts';
import type { Dashboard, Panel } from '../../dashboards/types.ts';
import { localStack, productionStack, telemetryStack } from '../support/stacks.ts';

describe.each([localStack, productionStack, telemetryStack])('the dashboards of $name', (stack) => {
  test.each(dashboards(stack).map((dashboard) => [dashboard.uid, dashboard] as const))(
    '%s is clean',
    (_uid, dashboard) => expect(lint(dashboard)).toEqual([]),
  );

  test('have different uids and titles', () => {
    const all = dashboards(stack);
    expect(new Set(all.map(({ uid }) => uid)).size).toBe(all.length);
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
  });
});

/** How to break a dashboard so that exactly the rule of that name should see it. */
const breakers: Readonly<Record<string, Breaker>> = {
  'there is exactly one variable for the data source, named datasource and labelled "Data source"': (d) => {
    variable(d, 'datasource').label = 'Prometheus';
  },
  'every panel and query asks the chosen data source': (d) => {
    firstTarget(d).datasource = { type: 'prometheus', uid: 'P1809F7CD0C75ACF3' };
  },
  'every variable and annotation asks the chosen data source': (d) => {
    delete variable(d, 'backup').datasource;
  },
  'a variable has a label, a description and a first value, and is filled again when the time changes': (d) => {
    variable(d, 'backup').refresh = 1;
  },
  'a variable asks for the values of a label with valid PromQL': (d) => {
    variable(d, 'backup').query = { query: 'label_values(lookout_backup_info{namespace=~}, backup)' };
  },
  'a variable that can mean all of them says how (allValue)': (d) => {
    delete variable(d, 'backup').allValue;
  },
  'every variable is used': (d) => {
    d.templating.list?.push({ ...variable(d, 'backup'), name: 'unused' });
  },
  'every variable that is used exists': (d) => {
    firstTarget(d).expr += ' > $limit';
  },
  'a panel has a title and a description': (d) => {
    delete panelsOf(d)[0]!.description;
  },
  'a panel asks something': (d) => {
    panelsOf(d)[0]!.targets = [];
  },
  'every value has a unit that Grafana knows': (d) => {
    panelsOf(d)[0]!.fieldConfig!.defaults.unit = 'apples';
  },
  'a panel says what the absence of data means': (d) => {
    delete panelsOf(d)[0]!.fieldConfig!.defaults.noValue;
  },
  'every series has a name of its own, every column a heading': (d) => {
    delete firstTarget(d).legendFormat;
  },
  'lines have a legend': (d) => {
    ofType(d, 'timeseries').options.legend.showLegend = false;
  },
  'a query is PromQL': (d) => {
    firstTarget(d).expr = 'count(up{namespace="$namespace"}';
  },
  'a rate is taken over a window that suits the zoom': (d) => {
    firstTarget(d).expr = 'rate(x_total{namespace="$namespace"}[5m])';
  },
  'a counter is only read through its rate': (d) => {
    firstTarget(d).expr = 'sum(x_total{namespace="$namespace"})';
  },
  'a quantile keeps le': (d) => {
    firstTarget(d).expr =
      'histogram_quantile(0.9, sum by (job) (rate(x_bucket{namespace="$namespace"}[$__rate_interval])))';
  },
  'a regular expression is one': (d) => {
    firstTarget(d).expr = 'up{namespace="$namespace",job=~"shop"}';
  },
  'a variable of several values is matched as a regular expression': (d) => {
    firstTarget(d).expr = 'up{namespace="$namespace",backup="$backup"}';
  },
  'a single figure does not take silence for zero': (d) => {
    firstTarget(d).expr = 'count(up{namespace="$namespace"} == 0) or vector(0)';
  },
  'a query stays within the namespace': (d) => {
    firstTarget(d).expr = 'up{job="shop"}';
  },
  'the uid is one that Grafana keeps': (d) => {
    d.uid = 'lookout backups';
  },
  'it has a title, a description and tags': (d) => {
    d.tags = [];
  },
  'it cannot be edited in place, where the next build would undo the edit': (d) => {
    delete d.editable;
  },
  'it says its time zone and its schema': (d) => {
    d.timezone = '';
  },
  'it shares the crosshair between its panels': (d) => {
    d.graphTooltip = 0;
  },
  'it opens on a range up to now, at most a month': (d) => {
    d.time = { from: 'yesterday', to: 'now' };
  },
  'it does not refresh all the time': (d) => {
    d.refresh = 'banana';
  },
  'it holds nothing that one Grafana gave it': (d) => {
    d.version = 7;
  },
  'ids are unique and not 0': (d) => {
    panelsOf(d)[1]!.id = panelsOf(d)[0]!.id!;
  },
  'queries are named A, B, C and so on': (d) => {
    delete firstTarget(d).refId;
  },
  'nothing is wider than the grid': (d) => {
    panelsOf(d)[5]!.gridPos!.w = 12;
  },
  'nothing lies on anything else': (d) => {
    panelsOf(d)[0]!.gridPos!.h = 7;
  },
  'it begins with a row, and rows go down the page': (d) => {
    d.panels?.shift();
  },
  'titles are unique, so that an alert can name its panel': (d) => {
    panelsOf(d)[1]!.title = panelsOf(d)[0]!.title!;
  },
  'there are not too many panels and queries': (d) => {
    panelsOf(d)[0]!.targets = Array.from({ length: 60 }, () => firstTarget(d));
  },
  'it links to its siblings and takes time and variables along': (d) => {
    d.links = [];
  },
  'no link hides in a menu': (d) => {
    Object.assign(d.links![0]!, { placement: 'inControlsMenu' });
  },
  'the first value of a variable that cannot be all is one, not empty': (d) => {
    variable(d, 'namespace').current = { text: '', value: '' };
  },
  'thresholds rise, and the first has no lower end': (d) => {
    ofType(d, 'timeseries').fieldConfig!.defaults.thresholds!.steps = [
      { value: null, color: 'green' },
      { value: 2, color: 'orange' },
      { value: 1, color: 'red' },
    ];
  },
  'a colour is never the only signal': (d) => {
    panelsOf(d)[0]!.fieldConfig!.defaults.mappings = [
      { type: 'value', options: { '1': { color: 'red' } } },
    ] as NonNullable<NonNullable<Panel['fieldConfig']>['defaults']['mappings']>;
  },
};

type Breaker = (dashboard: Dashboard) => void;

describe('the lint', () => {
  test.each(lintRules.map((rule) => [rule.name, rule] as const))('notices when not: %s', (name, rule) => {
    const dashboard = structuredClone(dashboards(localStack).find(({ uid }) => uid === 'lookout-backups')!);
    expect(rule.check(dashboard)).toEqual([]);
    breakers[name]?.(dashboard);
    expect(rule.check(dashboard)).not.toEqual([]);
  });
});

function variable(dashboard: Dashboard, name: string) {
  return variablesOf(dashboard).find((one) => one.name === name)!;
}

function firstTarget(dashboard: Dashboard): Target {
  return targetsOf(panelsOf(dashboard)[0]!)[0]!;
}

function ofType(dashboard: Dashboard, type: string): Panel {
  return panelsOf(dashboard).find((panel) => panel.type === type)!;
}
