import { parse } from 'yaml';
import { isMap } from './json.ts';

/** What a text says when it is a JSON or YAML document with structure; undefined for every other text. */
export function documentOf(value: unknown, path: string): unknown {
  if (typeof value !== 'string') return undefined;
  const json = /^\s*[[{]/.test(value) ? attempt(() => JSON.parse(value) as unknown) : undefined;
  if (json !== undefined) return json;
  return /\.ya?ml"?\]?$/.test(path) ? attempt(() => parse(value) as unknown) : undefined;
}

/** A text that cannot be parsed is compared as text. */
function attempt(read: () => unknown): unknown {
  try {
    const document = read();
    return isMap(document) || Array.isArray(document) ? document : undefined;
  } catch {
    return undefined;
  }
}
