import { parser } from '@prometheus-io/lezer-promql';

/** An expression with one thing wrong, and what. */
export interface Mutant {
  readonly what: string;
  readonly expr: string;
}

interface Edit {
  readonly what: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const otherComparisons: Readonly<Record<string, readonly string[]>> = {
  '>': ['<', '>='],
  '<': ['>', '<='],
  '>=': ['<=', '>'],
  '<=': ['>=', '<'],
  '==': ['!='],
  '!=': ['=='],
};

/**
 * Every comparison turned round and moved by its equality, every matcher dropped (those on the labels `everywhere`, which every
 * selector has, in all places at once), every side of a set operation alone, every operand that is a number shifted by a tenth, but for 0 and `except`.
 */
export function mutate(expr: string, except = 0, everywhere = ['namespace']): readonly Mutant[] {
  const edits: Edit[] = [];
  parser.parse(expr).iterate({
    enter: ({ node, name, from, to }) => {
      const text = expr.slice(from, to);
      for (const other of node.parent?.name === 'BinaryExpr' ? (otherComparisons[text] ?? []) : [])
        edits.push({ what: `${text} becomes ${other}`, from, to, text: other });
      if (name === 'UnquotedLabelMatcher' && !everywhere.some((label) => text.startsWith(label)))
        edits.push({ what: `without ${text}`, from: commaBefore(expr, from), to, text: '' });
      if (['And', 'Or', 'Unless'].includes(name)) {
        const whole = node.parent;
        if (whole?.firstChild == null || whole.lastChild == null) return;
        const left = expr.slice(whole.firstChild.from, whole.firstChild.to);
        edits.push({ what: `only the left side of ${text}`, from: whole.from, to: whole.to, text: left });
      }
      if (name === 'NumberDurationLiteral' && node.parent?.name === 'BinaryExpr' && ![0, except].includes(Number(text)))
        for (const factor of [0.9, 1.1])
          edits.push({ what: `${text} times ${factor}`, from, to, text: String(Number(text) * factor) });
    },
  });
  return [
    ...edits.map(({ what, from, to, text }) => ({ what, expr: expr.slice(0, from) + text + expr.slice(to) })),
    ...everywhere
      .map((label) => ({ what: `without any ${label}`, expr: withoutLabel(expr, label) }))
      .filter((one) => one.expr !== expr),
  ];
}

function withoutLabel(expr: string, label: string): string {
  return expr.replaceAll(new RegExp(`([{,])${label}(?:!=|=~|=)"[^"]*",?`, 'g'), '$1').replaceAll(',}', '}');
}

function commaBefore(expr: string, from: number): number {
  return expr[from - 1] === ',' ? from - 1 : from;
}

/** Names of the metrics that an expression selects. Throws for one that does not parse. */
export function metricsOf(expr: string): readonly string[] {
  const names: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ node, name, from, to }) => {
      if (node.type.isError) throw new Error(`no PromQL at ${from}: ${expr}`);
      if (name === 'Identifier') names.push(expr.slice(from, to));
    },
  });
  return names;
}
