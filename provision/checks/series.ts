import { distance } from 'fastest-levenshtein';
import { type Matcher, type Selector, selectorsOf } from './promql.ts';
import { prometheusData, query, type Service } from './service.ts';

/** What a Prometheus has of series; it is asked each thing once. */
export interface Series {
  /** Why an expression has nothing to work with: its first selector without series; undefined when each has some. */
  readonly lacking: (expr: string) => Promise<string | undefined>;
}

/** @param mayBeAbsent metrics that need not be there. */
export function seriesOf(prometheus: Service, mayBeAbsent: readonly string[] = []): Series {
  const answers = new Map<string, Promise<string | undefined>>();
  const ask = (selector: Selector): Promise<string | undefined> => {
    const answer = answers.get(selector.text) ?? explain(prometheus, selector);
    answers.set(selector.text, answer);
    return answer;
  };
  return {
    lacking: async (expr) => {
      const needed = selectorsOf(expr).filter(({ optional, metric }) => !optional && !mayBeAbsent.includes(metric));
      return (await Promise.all(needed.map(ask))).find((reason) => reason !== undefined);
    },
  };
}

async function explain(prometheus: Service, { text, metric, matchers }: Selector): Promise<string | undefined> {
  if (await exists(prometheus, text)) return undefined;
  if (metric === '') return `no series: ${text}`;
  if (!(await exists(prometheus, metric))) return `no series: there is no metric ${metric}`;
  for (const matcher of matchers) {
    if (await exists(prometheus, `${metric}{${matcher.text}}`)) continue;
    return `label mismatch: ${metric} has no ${matcher.text}${nearest(matcher, await valuesOf(prometheus, metric, matcher.label))}`;
  }
  return `label mismatch: ${metric} has no series with all of ${matchers.map((each) => each.text).join(', ')}`;
}

async function exists(prometheus: Service, selector: string): Promise<boolean> {
  return (await query(prometheus, `count(${selector})`)).length > 0;
}

function valuesOf(prometheus: Service, metric: string, label: string): Promise<readonly string[]> {
  return prometheusData(prometheus, `/api/v1/label/${label}/values?match[]=${encodeURIComponent(metric)}`);
}

/** What a person has probably meant. */
function nearest({ value, label }: Matcher, values: readonly string[]): string {
  const [best] = [...values].sort((a, b) => distance(value, a) - distance(value, b));
  return best === undefined ? ` (it has no label ${label})` : ` (the nearest is ${label}="${best}")`;
}
