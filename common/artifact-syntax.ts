import { type TimePart, timeParts, timePartsProblem } from './artifact-times.ts';

/** A pattern taken apart: regular expression sources without anchors, and how far down a directory it reaches. */
export interface PatternSyntax {
  /** Matches the path of an artifact, its parts of a time as named groups. */
  readonly path: string;
  /** Matches the paths of directories that may hold artifacts, one source for each level; null: any directory may. */
  readonly above: readonly string[] | null;
  /** Levels below the root at which artifacts lie: 1 for its own entries. */
  readonly depth: number;
  /** The pattern ends with `/`: only directories are artifacts. */
  readonly directory: boolean;
  /** Whether names hold a time at all. */
  readonly timed: boolean;
  /** Literal text after the last directive, e.g. `.sql.gz`. */
  readonly tail: string;
}

const directives: Readonly<Record<string, readonly [TimePart, string]>> = {
  Y: ['year', '\\d{4}'],
  y: ['year', '\\d{2}'],
  m: ['month', '0[1-9]|1[0-2]'],
  b: ['month', 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec'],
  d: ['day', '0[1-9]|[12]\\d|3[01]'],
  j: ['yearday', '[0-3]\\d{2}'],
  H: ['hour', '[01]\\d|2[0-3]'],
  M: ['minute', '[0-5]\\d'],
  S: ['second', '[0-5]\\d'],
  s: ['epoch', '\\d{1,12}'],
  z: ['offset', '[+-]\\d{2}:?\\d{2}|Z'],
};
const shorthands: Readonly<Record<string, string>> = { F: '%Y-%m-%d', T: '%H:%M:%S' };
const allowed = [...Object.keys(directives), ...Object.keys(shorthands), '%'].map((letter) => `%${letter}`).join(' ');

/** The pattern taken apart, or what is wrong with it as a message. */
export function readPattern(text: string): PatternSyntax | string {
  if (text === '') return 'the pattern is empty';
  return text.startsWith('/') ? readExpression(text) : readStrftime(text);
}

function readExpression(text: string): PatternSyntax | string {
  if (!text.endsWith('/') || text.length < 3 || /%[A-Za-z]/.test(text)) {
    return 'a pattern is relative to the directory and does not begin with "/"; a regular expression stands between two, as in /dump-(?<year>\\d{4})/';
  }
  const source = text.slice(1, -1);
  const problem = expressionProblem(source);
  if (problem !== undefined) return problem;
  const depth = source.replace(/\[(?:\\.|[^\]])*\]/g, '').split('/').length;
  const directory = source.endsWith('/');
  const path = directory ? source.replace(/\\?\/$/, '') : source;
  return {
    path,
    above: null,
    depth: directory ? depth - 1 : depth,
    directory,
    timed: groupNames(source).length > 0,
    tail: '',
  };
}

function expressionProblem(source: string): string | undefined {
  try {
    new RegExp(source, 'u');
  } catch (error) {
    if (error instanceof SyntaxError) return `it is no regular expression: ${error.message}`;
    throw error;
  }
  const known: readonly string[] = timeParts;
  const unknown = groupNames(source).find((name) => !known.includes(name));
  if (unknown !== undefined) return `unknown group "${unknown}"; groups are named ${timeParts.join(', ')}`;
  return timePartsProblem(new Set(timeParts.filter((part) => groupNames(source).includes(part))));
}

function groupNames(source: string): readonly string[] {
  return [...source.matchAll(/\(\?<([^>=!]+)>/g)].flatMap((match) => match[1] ?? []);
}

interface Reading {
  source: string;
  tail: string;
  readonly seen: Map<TimePart, string>;
}

function readStrftime(text: string): PatternSyntax | string {
  const problem = pathProblem(text);
  if (problem !== undefined) return problem;
  const directory = text.endsWith('/');
  const reading: Reading = { source: '', tail: '', seen: new Map() };
  const above: string[] = [];
  for (const token of tokensOf(directory ? text.slice(0, -1) : text)) {
    if (token.text === '/') above.push(reading.source);
    const wrong = take(reading, token.text, token.at);
    if (wrong !== undefined) return wrong;
  }
  const wrong = timePartsProblem(new Set(reading.seen.keys()));
  if (wrong !== undefined) return wrong;
  const timed = reading.seen.size > 0;
  return { path: reading.source, above, depth: above.length + 1, directory, timed, tail: reading.tail };
}

function pathProblem(text: string): string | undefined {
  const segments = text.replace(/\/$/, '').split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return 'a pattern is a path below the directory, without empty parts, "." and ".."';
  }
  return text.includes('\0') ? 'a path holds no NUL character' : undefined;
}

/** Directives, `*`, `/` and the text between them, with the position (from 1) at which each begins. */
function tokensOf(text: string): readonly { readonly text: string; readonly at: number }[] {
  return [...text.matchAll(/%.?|\*+|\/|[^%*/]+/gsu)].flatMap((match) => {
    const shorthand = match[0].startsWith('%') ? shorthands[match[0].slice(1)] : undefined;
    const parts = shorthand === undefined ? [match[0]] : (shorthand.match(/%.|[^%]/g) ?? []);
    return parts.map((part) => ({ text: part, at: match.index + 1 }));
  });
}

function take(reading: Reading, token: string, at: number): string | undefined {
  if (token.startsWith('%') && token !== '%%') return takeDirective(reading, token, at);
  if (token.startsWith('*')) {
    reading.source += '[^/]*';
    reading.tail = '';
    return undefined;
  }
  const literal = token === '%%' ? '%' : token;
  reading.source += literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  reading.tail += literal;
  return undefined;
}

function takeDirective(reading: Reading, token: string, at: number): string | undefined {
  const letter = token.slice(1);
  const directive = directives[letter];
  if (directive === undefined) {
    const found = letter === '' ? 'a "%" without its letter' : `the unknown directive "${token}"`;
    return `${found} stands at character ${at}; known are ${allowed}`;
  }
  const [part, source] = directive;
  const before = reading.seen.get(part);
  if (before !== undefined && before !== letter)
    return `%${letter} at character ${at} repeats the ${part} of %${before}`;
  reading.source += before === undefined ? `(?<${part}>${source})` : `\\k<${part}>`;
  reading.tail = '';
  reading.seen.set(part, letter);
  return undefined;
}
