import { describe, expect, test } from 'vitest';
import { selectorsOf } from '../../provision/checks/promql.ts';
import { seriesOf } from '../../provision/checks/series.ts';
import type { Service } from '../../provision/checks/service.ts';

describe('the selectors of an expression', () => {
  const texts = (expr: string) =>
    selectorsOf(expr).map(({ text, optional }) => `${text}${optional ? ' optional' : ''}`);

  test('are found wherever they stand, each once', () => {
    expect(texts('sum by (job) (rate(a{x="1"}[5m] offset 1h)) / ignoring (x) b > 0.5 * a{x="1"}')).toEqual([
      'a{x="1"}',
      'b',
    ]);
  });

  test('are optional where the expression asks whether they are absent, or has another side', () => {
    expect(texts('absent(a)')).toEqual(['a optional']);
    expect(texts('a or b')).toEqual(['a optional', 'b optional']);
    expect(texts('a unless on (x) b')).toEqual(['a', 'b optional']);
    expect(texts('(a > 0) and b')).toEqual(['a', 'b']);
    expect(texts('a + (a or b)')).toEqual(['a', 'b optional']);
  });

  test('have their matchers, with what is escaped in them', () => {
    expect(selectorsOf(String.raw`up{job=~"a\\.b",x!="1"}`)[0]?.matchers).toEqual([
      { label: 'job', operator: '=~', value: String.raw`a\.b`, text: String.raw`job=~"a\\.b"` },
      { label: 'x', operator: '!=', value: '1', text: 'x!="1"' },
    ]);
  });

  test('of what is no PromQL are refused', () => expect(() => selectorsOf('sum(')).toThrow('no PromQL'));
});

describe('why an expression has nothing to work with', () => {
  /** A Prometheus with these series, which answers `count(...)` and the values of a label. */
  function prometheusWith(...series: readonly Readonly<Record<string, string>>[]): {
    service: Service;
    asked: string[];
  } {
    const asked: string[] = [];
    const answer = (data: unknown) => new Response(JSON.stringify({ status: 'success', data }));
    const request = async (path: string) => {
      const url = new URL(path, 'http://prometheus');
      const expr = url.searchParams.get('query') ?? '';
      const label = /label\/(\w+)\/values/.exec(url.pathname)?.[1];
      if (label !== undefined) return answer([...new Set(series.map((each) => each[label]))]);
      asked.push(expr);
      const [selector] = selectorsOf(expr);
      const found = series.filter(
        (each) =>
          each['__name__'] === selector?.metric &&
          selector?.matchers.every(({ label: name, value }) => each[name] === value),
      );
      return answer({ result: found.length === 0 ? [] : [{ metric: {}, value: [0, '1'] }] });
    };
    return { service: { title: 'Prometheus', request }, asked };
  }

  const up = { __name__: 'up', job: 'lookout-exporter', namespace: 'shop' };
  const lacking = (expr: string, mayBeAbsent: readonly string[] = []) =>
    seriesOf(prometheusWith(up, { ...up, job: 'shop', namespace: 'demo' }).service, mayBeAbsent).lacking(expr);

  test('is nothing when all its series are there', async () => {
    expect(await lacking('sum(up{job="lookout-exporter"}) > 0')).toBeUndefined();
    expect(await lacking('up or down')).toBeUndefined();
  });

  test('is a metric that does not exist', async () => {
    expect(await lacking('up * on (job) down{job="x"}')).toBe('no series: there is no metric down');
    expect(await lacking('down', ['down'])).toBeUndefined();
  });

  test('is a label value that does not exist, beside the nearest that does', async () => {
    expect(await lacking('up{job="lookout-exportr"}')).toBe(
      'label mismatch: up has no job="lookout-exportr" (the nearest is job="lookout-exporter")',
    );
    expect(await lacking('up{job="shop",namespace="shop"}')).toBe(
      'label mismatch: up has no series with all of job="shop", namespace="shop"',
    );
  });

  test('is asked once of each selector', async () => {
    const { service, asked } = prometheusWith(up);
    const series = seriesOf(service);
    await Promise.all([series.lacking('up > 0'), series.lacking('up > 1')]);
    expect(asked).toEqual(['count(up)']);
  });
});
