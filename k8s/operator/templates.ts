import type { OutputFile } from '../../stack/types.ts';

/** Template texts by name, as they are written in files: `{{ define "name" }}...{{ end }}`. */
export type Definitions = ReadonlyMap<string, string>;

const start = /\{\{-? define "([^"]+)"/g;

/** The definitions of Alertmanager's template files. */
export function definitions(files: readonly OutputFile[]): Definitions {
  return new Map(files.filter(({ path }) => path.endsWith('.tmpl')).flatMap(({ content }) => split(content)));
}

function split(content: string): readonly (readonly [string, string])[] {
  const found = [...content.matchAll(start)];
  return found.map(({ index, 1: name = '' }, at) => [name, content.slice(index, found[at + 1]?.index).trimEnd()]);
}

/**
 * A text that needs no template file, which an AlertmanagerConfig cannot bring: what it uses is defined in it. Between the
 * definitions is no space, because it would be part of the text.
 */
export function withDefinitions(text: string, known: Definitions): string {
  return [...used(text, known), text].join('');
}

function used(text: string, known: Definitions, seen = new Set<string>()): readonly string[] {
  return [...text.matchAll(/\{\{-? template "([^"]+)"/g)].flatMap(([, name = '']) => {
    if (seen.has(name)) return [];
    seen.add(name);
    const definition = known.get(name);
    if (definition === undefined) throw new Error(`a message uses the template ${name}, which no file defines`);
    return [...used(definition, known, seen), definition];
  });
}
