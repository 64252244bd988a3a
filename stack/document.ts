import { isAlias, isMap, isScalar, isSeq, LineCounter, type Pair, parseDocument, type YAMLError } from 'yaml';
import type { Problem } from '../common/problems.ts';
import type { MapNode, Node, Path } from './tree.ts';
import { pathText } from './tree.ts';

/** Messages never quote the source: the line beside a mistake may hold a secret that was written out. */
const syntax: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab indents this line; YAML allows spaces only',
  DUPLICATE_KEY: 'this key stands twice in its section; keep one of them',
  MULTIPLE_DOCS: 'a second document begins here (---); an environment is one document',
  BAD_INDENT: 'the indentation does not fit the lines above, or a bracket above is not closed',
  BLOCK_AS_IMPLICIT_KEY: 'a second colon on this line; quote the value when it contains ": "',
  BAD_SCALAR_START: 'a value may not begin with this character; quote it',
  BAD_DQ_ESCAPE: 'an unknown escape in double quotes; use single quotes to take every character as it is',
  MISSING_CHAR: 'a closing quote, bracket or colon is missing',
  MULTILINE_IMPLICIT_KEY: 'a key without a colon, or a value that is not indented below its key',
};

export interface Document {
  readonly root: MapNode | null;
  readonly problems: readonly Problem[];
}

/** Reads YAML 1.2 of maps, lists and text. With a mistake in its syntax, `root` is null and only that is reported. */
export function parseEnvironment(text: string, file: string): Document {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const problems: Problem[] = [];
  const lineOf = (offset: number): number => lines.linePos(offset).line;
  const report = (line: number, path: Path, message: string): void => {
    problems.push({ file, line, path: pathText(path), message });
  };
  for (const error of [...parsed.errors, ...parsed.warnings]) report(lineOf(error.pos[0]), [], explain(error));
  if (problems.length > 0) return { root: null, problems };
  if (parsed.contents === null) report(1, [], 'the file is empty; an environment begins with `platform: local`');
  else if (!isMap(parsed.contents)) report(1, [], 'expected keys with values, such as `platform: local`');
  if (problems.length > 0) return { root: null, problems };
  const root = convert(parsed.contents, 1, [], { lineOf, report });
  return { root: problems.length === 0 && root.kind === 'map' ? root : null, problems };
}

function explain(error: YAMLError): string {
  return syntax[error.code] ?? `not valid YAML (${error.code.toLowerCase().replaceAll('_', ' ')})`;
}

interface Context {
  readonly lineOf: (offset: number) => number;
  readonly report: (line: number, path: Path, message: string) => void;
}

function convert(node: unknown, line: number, path: Path, context: Context): Node {
  if (isMap(node)) {
    const entries = node.items.flatMap((pair) => entry(pair, line, path, context));
    return { kind: 'map', line, path, entries: new Map(entries) };
  }
  if (isSeq(node)) {
    const items = node.items.map((item, index) => convert(item, start(item, line, context), [...path, index], context));
    return { kind: 'list', line, path, items };
  }
  if (isAlias(node)) context.report(line, path, 'anchors and aliases are not supported; write the value out');
  const text = isScalar(node) ? String(node.value ?? '') : '';
  return { kind: 'text', line, path, text, written: text, sources: [] };
}

function entry(pair: Pair, parent: number, path: Path, context: Context): [string, Node][] {
  const line = start(pair.key, parent, context);
  if (!isScalar(pair.key) || typeof pair.key.value !== 'string') {
    context.report(line, path, 'a key is one word');
    return [];
  }
  const key = pair.key.value;
  return [[key, convert(pair.value, line, [...path, key], context)]];
}

function start(node: unknown, fallback: number, context: Context): number {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined;
  return range === undefined || range === null ? fallback : context.lineOf(range[0]);
}
