import { parseEnv } from 'node:util';
import type { MapNode, Node, TextNode } from './tree.ts';

export interface Variable {
  readonly value: string;
  /** `.env:3`, `process environment` or `built-in`. */
  readonly source: string;
}

export type Lookup = (name: string) => Variable | undefined;

/** The variables of an `.env` file, each with its line. Source of the format: Node's `util.parseEnv`. */
export function readVariables(text: string, file: string): ReadonlyMap<string, Variable> {
  const lines = text.split('\n');
  return new Map(
    Object.entries(parseEnv(text)).map(([name, value]) => {
      const line = lines.findLastIndex((candidate) => /^\s*(?:export\s+)?([\w.-]+)\s*=/.exec(candidate)?.[1] === name);
      return [name, { value: value ?? '', source: `${file}:${line + 1}` }];
    }),
  );
}

/**
 * Fills every `${NAME}`, except in the keys of `literal` and below them: there it stays as it is written. Only names are
 * known, neither defaults nor expressions.
 */
export function substitute(root: MapNode, { lookup, missing, literal, report }: Substitution): MapNode {
  const fill = (node: Node): Node => {
    if (node.kind === 'list') return { ...node, items: node.items.map(fill) };
    if (node.kind === 'map') return fillMap(node);
    const context = { lookup, missing, report: (message: string) => report(node, message) };
    return node.text.includes('${') ? { ...node, ...fillText(node.text, context) } : node;
  };
  const fillMap = (node: MapNode): MapNode => ({
    ...node,
    entries: new Map([...node.entries].map(([key, value]) => [key, literal.has(key) ? value : fill(value)])),
  });
  return fillMap(root);
}

export interface Substitution {
  readonly lookup: Lookup;
  /** The message about a variable that nothing sets. */
  readonly missing: (name: string) => string;
  /** The keys that are left as they are. */
  readonly literal: ReadonlySet<string>;
  readonly report: (node: TextNode, message: string) => void;
}

interface TextContext extends Pick<Substitution, 'lookup' | 'missing'> {
  readonly report: (message: string) => void;
}

function fillText(written: string, { lookup, missing, report }: TextContext): Pick<TextNode, 'text' | 'sources'> {
  const sources: string[] = [];
  const text = written.replaceAll(/\$\{([^}]*)(\}?)/g, (whole, name: string, closed: string) => {
    if (closed === '' || !/^[A-Za-z_]\w*$/.test(name)) {
      report(`\`${whole}\` is not \${NAME}; between the braces stands the name of a variable and nothing else`);
      return whole;
    }
    const variable = lookup(name);
    if (variable === undefined) report(missing(name));
    else sources.push(`${variable.source} ${name}`);
    return variable?.value ?? whole;
  });
  return { text, sources };
}
