import { parser } from '@prometheus-io/lezer-promql';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** One selector of an expression: `up{job="shop"}`. */
export interface Selector {
  readonly text: string;
  /** Empty when the selector names none. */
  readonly metric: string;
  readonly matchers: readonly Matcher[];
  /** The expression means something without its series too: it asks whether they are absent, or has another side. */
  readonly optional: boolean;
}

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
  readonly text: string;
}

/**
 * The selectors of an expression, each once. Source of the names: Prometheus' own grammar for Lezer.
 * @throws Error for an expression that is no PromQL.
 */
export function selectorsOf(expr: string): readonly Selector[] {
  const found = new Map<string, Selector>();
  parser.parse(expr).iterate({
    enter: ({ node, name, from }) => {
      if (node.type.isError) throw new Error(`no PromQL at ${from}: ${expr}`);
      if (name !== 'VectorSelector') return;
      const selector = read(node, expr);
      const before = found.get(selector.text);
      found.set(selector.text, before?.optional === false ? before : selector);
    },
  });
  return [...found.values()];
}

function read(node: SyntaxNode, expr: string): Selector {
  const metric = node.getChild('Identifier');
  const matchers = (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map((each) =>
    matcherIn(expr.slice(each.from, each.to)),
  );
  return {
    text: expr.slice(node.from, node.to),
    metric: metric === null ? '' : expr.slice(metric.from, metric.to),
    matchers,
    optional: isOptional(node, expr),
  };
}

function matcherIn(text: string): Matcher {
  const [, label = '', operator = '', quoted = ''] = /^(\w+)\s*(=~|!~|!=|=)\s*(.*)$/s.exec(text) ?? [];
  return { label, operator, value: quoted.slice(1, -1).replaceAll('\\\\', '\\'), text };
}

function isOptional(node: SyntaxNode, expr: string): boolean {
  for (let inner = node, outer = node.parent; outer !== null; inner = outer, outer = outer.parent) {
    if (outer.name === 'FunctionCall' && /^absent/.test(expr.slice(outer.from, outer.to))) return true;
    if (outer.name !== 'BinaryExpr') continue;
    if (outer.getChild('Or') !== null) return true;
    if (outer.getChild('Unless') !== null && outer.lastChild?.from === inner.from) return true;
  }
  return false;
}
