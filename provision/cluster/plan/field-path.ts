import { isMap } from './json.ts';

/**
 * The value at a path as conflicts and causes write it: `.spec.ports[port=80,protocol="TCP"].targetPort`, `.data.shop.json`,
 * `.metadata.finalizers[="x"]`. Keys may hold dots, so the longest one that fits is taken. An item of a list need not hold every
 * key that it is named by: the API server adds defaults such as a port's protocol. undefined: not there.
 * Source: structured-merge-diff, fieldpath.PathElement.String.
 */
export function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value;
  if (path.startsWith('[')) return inList(value, path);
  if (!isMap(value)) return undefined;
  const rest = path.replace(/^\./, '');
  const keys = Object.keys(value).filter(
    (key) => rest === key || ['.', '['].some((mark) => rest.startsWith(key + mark)),
  );
  const longest = keys.toSorted((one, other) => other.length - one.length)[0];
  return longest === undefined ? undefined : valueAt(value[longest], rest.slice(longest.length));
}

function inList(value: unknown, path: string): unknown {
  const end = closing(path);
  const selector = path.slice(1, end);
  if (!Array.isArray(value)) return undefined;
  return valueAt(elementOf(value, selector), path.slice(end + 1));
}

function elementOf(list: readonly unknown[], selector: string): unknown {
  if (/^\d+$/.test(selector)) return list[Number(selector)];
  if (selector.startsWith('=')) return list.find((item) => JSON.stringify(item) === selector.slice(1));
  const pairs = [...selector.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]*)/g)];
  return list.find(
    (item) =>
      isMap(item) &&
      pairs.every(([, key = '', text = '']) => item[key] === undefined || JSON.stringify(item[key]) === text) &&
      pairs.some(([, key = '']) => item[key] !== undefined),
  );
}

/** Index of the bracket that closes the first one, outside of quotes. */
function closing(path: string): number {
  const found = /^\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\]/.exec(path)?.[0];
  return found === undefined ? path.length : found.length - 1;
}
