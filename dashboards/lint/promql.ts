import { parser } from '@prometheus-io/lezer-promql';

/** What one expression reads and does, found by its syntax tree. */
export interface Expression {
  /** Places in the text that are no PromQL. */
  readonly errors: readonly string[];
  readonly selectors: readonly Selector[];
  readonly calls: readonly Call[];
}

export interface Selector {
  readonly text: string;
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** Names of the functions around it, innermost first. */
  readonly within: readonly string[];
}

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

export interface Call {
  readonly name: string;
  readonly text: string;
}

/** Values for variables and Grafana's own, e.g. `{ backup: '.+', __rate_interval: '20s' }`. */
export type Values = Readonly<Record<string, string>>;

/** Names of the variables in a text: `$name` and `${name}`, not the groups `$1` of `label_replace`. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(/\$(?:\{([a-zA-Z_]\w*)\}|([a-zA-Z_]\w*))/g)].map((match) => match[1] ?? match[2] ?? '');
}

/** The text with variables replaced as Grafana does it; a variable without a value stays. */
export function substitute(text: string, values: Values): string {
  return text.replace(
    /\$(?:\{([a-zA-Z_]\w*)\}|([a-zA-Z_]\w*))/g,
    (found, braced, bare) => values[braced ?? bare] ?? found,
  );
}

/** The expression with its windows filled in, so that a parser can read it; variables inside quotes do not disturb it. */
export function withWindows(expr: string): string {
  return substitute(expr, { __rate_interval: '1m', __interval: '1m', __range: '1h' });
}

export function analyse(expr: string): Expression {
  const errors: string[] = [];
  const selectors: Selector[] = [];
  const calls: Call[] = [];
  const around: string[] = [];
  parser.parse(expr).iterate({
    enter({ type, from, to, node }) {
      const text = expr.slice(from, to);
      if (type.isError) errors.push(`at ${from}: ${expr.slice(Math.max(0, from - 20), to + 20)}`);
      if (type.name === 'FunctionCall') {
        const name = expr.slice(node.firstChild?.from ?? from, node.firstChild?.to ?? to);
        around.unshift(name);
        calls.push({ name, text });
      }
      if (type.name === 'VectorSelector') selectors.push({ ...selector(text), within: [...around] });
    },
    leave({ type }) {
      if (type.name === 'FunctionCall') around.shift();
    },
  });
  return { errors, selectors, calls };
}

function selector(text: string): Omit<Selector, 'within'> {
  const [metric = ''] = /^[^{]*/.exec(text) ?? [];
  const matchers = [...text.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g)];
  return {
    text,
    metric,
    matchers: matchers.map(([, label = '', operator = '', value = '']) => ({ label, operator, value })),
  };
}
