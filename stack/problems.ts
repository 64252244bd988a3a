import type { z } from 'zod';
import type { Problem } from '../common/problems.ts';
import { suggestion } from './nearest.ts';
import { secretKeys } from './schema/secrets.ts';
import { child, type Node, type Path, pathText } from './tree.ts';

type Issue = z.core.$ZodIssue;

/** The problems of one schema issue, in the words of the user and at the line where they can be mended. */
export function issueProblems(issue: Issue, root: Node, file: string): Problem[] {
  const path = issue.path.filter((part) => typeof part !== 'symbol');
  const secret = path.findIndex((part) => secretKeys.has(String(part)));
  if (secret >= 0) return [problemAt(root, file, path.slice(0, secret + 1), issue.message)];
  if (issue.code === 'unrecognized_keys') {
    const known = path.length === 0 && root.path.length === 0 ? `${issue.message}, instances` : issue.message;
    return issue.keys.map((key) => problemAt(root, file, [...path, key], unknownKey(key, known)));
  }
  const { node, rest } = find(root, path);
  return [problemAt(root, file, path, wording(issue, rest === 0 ? node : undefined))];
}

/**
 * A problem with the value at a path of the environment, or with what is missing there: its line is then that of the
 * section that should hold it.
 */
export function problemAt(root: Node, file: string, path: Path, message: string): Problem {
  const { node, rest } = find(root, path);
  const written = [...node.path, ...path.slice(path.length - rest)];
  return { file, line: node.line, path: pathText(written), message };
}

/** The deepest node on the way to a path, and how many parts of the path are left. */
function find(root: Node, path: Path): { node: Node; rest: number } {
  let node = root;
  for (const [index, part] of path.entries()) {
    const next = child(node, part);
    if (next === undefined) return { node, rest: path.length - index };
    node = next;
  }
  return { node, rest: 0 };
}

function unknownKey(key: string, known: string): string {
  return `unknown key${suggestion(key, known.split(', '))} (known here: ${known})`;
}

function wording(issue: Issue, node: Node | undefined): string {
  if (issue.code === 'invalid_key') return `expected ${issue.issues[0]?.message ?? issue.message}`;
  const expected = issue.message;
  if (node === undefined) return `missing; expected ${expected}`;
  const params: Record<string, unknown> = issue.code === 'custom' ? (issue.params ?? {}) : {};
  if (params['quiet'] === true) return expected;
  if (typeof params['complaint'] === 'string') {
    const filled = node.kind === 'text' && node.sources.length > 0;
    return filled ? `${found(node)}, expected ${params['expected']}` : `${found(node)}: ${expected}`;
  }
  const near =
    issue.code === 'invalid_value' && node.kind === 'text' ? suggestion(node.text, issue.values.map(String)) : '';
  return `${found(node)}, expected ${expected}${near}`;
}

/** What stands there, as it is written: never the value of a variable, which may be a secret by mistake. */
function found(node: Node): string {
  if (node.kind === 'list') return node.items.length === 0 ? 'found an empty list' : 'found a list';
  if (node.kind === 'map') return 'found a section';
  if (node.written === '') return 'found nothing';
  const short = node.written.length > 80 ? `${node.written.slice(0, 77)}...` : node.written;
  const sources = node.sources.length === 0 ? '' : ` (filled from ${node.sources.join(', ')})`;
  return `found ${JSON.stringify(short)}${sources}`;
}
