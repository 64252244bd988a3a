import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { describe, expect, test } from 'vitest';
import { finish } from '../../dashboards/kit/finish.ts';
import { plain, stableJson } from '../../dashboards/kit/json.ts';
import { panelContext } from '../../dashboards/kit/limits.ts';
import { problems } from '../../dashboards/kit/panels.ts';
import { over } from '../../dashboards/kit/queries.ts';
import { refId } from '../../dashboards/kit/refs.ts';
import { series } from '../../dashboards/kit/selectors.ts';
import { table } from '../../dashboards/kit/table.ts';
import { above } from '../../dashboards/kit/thresholds.ts';
import { panelsOf, targetsOf } from '../../dashboards/lint/parts.ts';
import type { DashboardSource, PanelSource } from '../../dashboards/types.ts';
import { backupMetrics } from '../../exporter/metrics/backup.ts';
import { productionStack } from '../support/stacks.ts';

const context = panelContext(productionStack);

function dashboardOf(...panels: readonly PanelSource[]) {
  const rows = [{ title: 'Row', panels }];
  const source: DashboardSource = {
    uid: 'sample',
    title: 'Sample',
    description: 'A sample.',
    from: 'now-6h',
    variables: () => [],
    rows,
  };
  return finish(source, rows, context);
}

describe('a selector', () => {
  test('stays within the namespace that is shown', () =>
    expect(series(backupMetrics.age)).toBe('lookout_backup_age_seconds{namespace="$namespace"}'));

  test('matches equal, by pattern, or unequal', () =>
    expect(series('m', { a: '1', b: { matches: '$b' }, c: { not: '3' } })).toBe(
      'm{namespace="$namespace",a="1",b=~"$b",c!="3"}',
    ));

  test('quotes what a label may hold', () =>
    expect(series('m', { a: 'a "b" \\ c' })).toBe('m{namespace="$namespace",a="a \\"b\\" \\\\ c"}'));
});

describe('the names of queries', () => {
  test('go on after Z as Grafana counts', () =>
    expect([0, 25, 26, 27, 52].map(refId)).toEqual(['A', 'Z', 'AA', 'AB', 'BA']));
});

describe('the step of an alert', () => {
  test('is the next whole number of a count', () => expect(above({ value: 0, unit: 'short' })[1]?.value).toBe(1));
  test('is the threshold itself of anything else', () =>
    expect(above({ value: 0.05, unit: 'percentunit' })[1]?.value).toBe(0.05));
  test('cannot be had of an alert without a threshold, nor of none', () => {
    expect(() => context.limit('Watchdog')).toThrow('Watchdog has no threshold');
    expect(() => context.limit('BackupMised')).toThrow('no alert BackupMised');
  });
});

describe('the finishing pass', () => {
  test('gives the same builder, used twice, two panels of their own', () => {
    const builder = new PanelBuilder().title('One').span(6).height(4).withTarget(over('up', 'up'));
    const [one, other] = panelsOf(
      dashboardOf(
        () => builder,
        () => builder,
      ),
    );
    expect(one?.gridPos).toEqual({ x: 0, y: 1, w: 6, h: 4 });
    expect(other?.gridPos).toEqual({ x: 6, y: 1, w: 6, h: 4 });
    expect(one?.id).not.toBe(other?.id);
  });

  test('names the panel that has no size', () =>
    expect(() => dashboardOf(() => new PanelBuilder().title('Shapeless'))).toThrow('panel "Shapeless" has no size'));

  test('names every query', () => {
    const builder = new PanelBuilder().title('One').span(6).height(4);
    for (const legend of ['a', 'b', 'c']) builder.withTarget(over('up', legend));
    const [panel] = panelsOf(dashboardOf(() => builder));
    expect(targetsOf(panel!).map((target) => target.refId)).toEqual(['A', 'B', 'C']);
  });
});

describe('a table', () => {
  const columns = [
    { name: 'Age', expr: 'age', unit: 's' },
    { name: 'Size', expr: 'size', unit: 'bytes' },
  ];
  const organize = (count: number) =>
    plain(
      table(
        'Table',
        'A table.',
        { noValue: '-' },
        { labels: { backup: 'Backup' }, columns: columns.slice(0, count), sortBy: 'Age' },
      ).build(),
    ).transformations?.find(({ id }) => id === 'organize')?.options;

  test('heads its columns by the names that Grafana gives to values beside each other', () =>
    expect(organize(2).renameByName).toEqual({ backup: 'Backup', 'Value #A': 'Age', 'Value #B': 'Size' }));

  test('heads its only column by the name that Grafana gives to a value alone', () =>
    expect(organize(1).renameByName).toEqual({ backup: 'Backup', Value: 'Age' }));
});

test('a count of problems adds up ones, so that nothing known is nothing shown', () => {
  const [panel] = panelsOf(dashboardOf(() => problems('Late', 'Late ones.', 'silent', 'missed > bool 0')));
  expect(targetsOf(panel!)[0]?.expr).toBe('sum(missed > bool 0)');
});

test('stable JSON sorts keys at every depth and leaves the order of lists', () =>
  expect(stableJson({ b: [{ d: 1, c: 2 }], a: null })).toBe(
    '{\n  "a": null,\n  "b": [\n    {\n      "c": 2,\n      "d": 1\n    }\n  ]\n}\n',
  ));
