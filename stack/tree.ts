/** Where a value stands in a document: keys and list positions. */
export type Path = readonly (string | number)[];

/** `backups[0].schedule`: a path as problems and origins write it. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
}

/** The path that `pathText` has written. */
export function parsePath(text: string): Path {
  return [...text.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? (key ?? '') : Number(index),
  );
}

interface Place {
  /** Line of the key, or of the list item, counted from 1. */
  readonly line: number;
  /** Path as it is written in the file, with `instances[1]` in front of what an instance overrides. */
  readonly path: Path;
}

/** A scalar. Everything is text until the schema reads it, so that `0.30` stays a version and `no` a word. */
export interface TextNode extends Place {
  readonly kind: 'text';
  /** The value, with variables filled in. */
  readonly text: string;
  /** As it stands in the file; the only form that a message may quote. */
  readonly written: string;
  /** Where the variables in it came from, e.g. `.env:3 FRONTEND_HOST`. */
  readonly sources: readonly string[];
}

export interface ListNode extends Place {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface MapNode extends Place {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Node>;
}

/** A YAML document that remembers where each of its values stands. */
export type Node = TextNode | ListNode | MapNode;

export function child(node: Node | undefined, part: string | number): Node | undefined {
  if (node?.kind === 'map') return node.entries.get(String(part));
  if (node?.kind === 'list' && typeof part === 'number') return node.items[part];
  return undefined;
}

export function nodeAt(root: Node, path: Path): Node | undefined {
  return path.reduce<Node | undefined>(child, root);
}

/** The items of the list at a path; none when there is no list. */
export function itemsAt(root: Node, path: Path): readonly Node[] {
  const node = nodeAt(root, path);
  return node?.kind === 'list' ? node.items : [];
}

/** The text at a path; undefined when there is none. */
export function textAt(root: Node, path: Path): string | undefined {
  const node = nodeAt(root, path);
  return node?.kind === 'text' ? node.text : undefined;
}

/** Plain records, arrays and strings, as the schema reads them. */
export function plain(node: Node): unknown {
  if (node.kind === 'text') return node.text;
  if (node.kind === 'list') return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, value]) => [key, plain(value)]));
}

/** Maps merge key by key; a list or a text of the override takes the place of the base's. */
export function merge(base: Node, override: Node): Node {
  if (base.kind !== 'map' || override.kind !== 'map') return override;
  const entries = new Map(base.entries);
  for (const [key, value] of override.entries) {
    const existing = entries.get(key);
    entries.set(key, existing === undefined ? value : merge(existing, value));
  }
  return { ...override, entries };
}
