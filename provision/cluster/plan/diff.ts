import { documentOf } from './documents.ts';
import { equal, isMap, type JsonMap } from './json.ts';
import type { Difference } from './types.ts';

/**
 * Where two values differ, as deep as they can be compared: elements of lists are matched by name, title and the like, and JSON
 * or YAML inside a text (dashboards, rules, configuration) is compared as what it says. A difference in what `wanted` does not
 * hold is the cluster's own.
 */
export function differences(before: unknown, after: unknown, wanted: unknown = after): readonly Difference[] {
  return compare({ before, after, wanted, path: '' });
}

/** The same place in what is, in what will be and in what we send. */
interface Place {
  readonly before: unknown;
  readonly after: unknown;
  readonly wanted: unknown;
  readonly path: string;
}

function compare(place: Place): readonly Difference[] {
  const { before, after, wanted, path } = place;
  if (equal(before, after)) return [];
  if (isMap(before) && isMap(after)) return inMaps(before, after, place);
  if (Array.isArray(before) && Array.isArray(after)) return inLists(before, after, place);
  const [one, other] = [documentOf(before, path), documentOf(after, path)];
  if (one !== undefined && other !== undefined && !equal(one, other))
    return compare({ before: one, after: other, wanted: wanted === undefined ? undefined : other, path: `${path} ` });
  return [leaf(place)];
}

function leaf({ before, after, wanted, path }: Place): Difference {
  return { path: path.trim(), before, after, by: wanted === undefined && after !== undefined ? 'cluster' : 'lookout' };
}

function inMaps(before: JsonMap, after: JsonMap, { wanted, path }: Place): readonly Difference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const ours = isMap(wanted) ? wanted : {};
  return keys.flatMap((key) =>
    compare({ before: before[key], after: after[key], wanted: ours[key], path: member(path, key) }),
  );
}

function inLists(before: readonly unknown[], after: readonly unknown[], place: Place): readonly Difference[] {
  const { path } = place;
  const wanted = Array.isArray(place.wanted) ? (place.wanted as readonly unknown[]) : [];
  const key = keyOf(before, after);
  if (key === undefined) return byIndex(before, after, { ...place, wanted });
  const [was, will, ours] = [before, after, wanted].map(
    (list) => new Map(list.map((item) => [nameBy(key, item), item])),
  );
  const names = [...new Set([...(was?.keys() ?? []), ...(will?.keys() ?? [])])];
  const found = names.flatMap((name) =>
    compare({ before: was?.get(name), after: will?.get(name), wanted: ours?.get(name), path: `${path}[${name}]` }),
  );
  return found.length > 0
    ? found
    : [leaf({ ...place, before: [...(was?.keys() ?? [])], after: [...(will?.keys() ?? [])], path: `${path} (order)` })];
}

function byIndex(before: readonly unknown[], after: readonly unknown[], place: Place & { wanted: readonly unknown[] }) {
  if (before.length !== after.length || !before.some((item) => typeof item === 'object')) return [leaf(place)];
  return before.flatMap((item, index) =>
    compare({ before: item, after: after[index], wanted: place.wanted[index], path: `${place.path}[${index}]` }),
  );
}

type KeyOf = (item: JsonMap) => unknown;

/** What tells the elements of a list apart, in the order in which it is tried. */
const keys: readonly KeyOf[] = [
  ...['name', 'key', 'containerPort', 'port', 'mountPath', 'job_name', 'uid', 'refId', 'title', 'id', 'ip', 'host'].map(
    (field) => (item: JsonMap) => item[field],
  ),
  ({ alert, record }) => alert ?? record,
];

/** The first key that every element of both lists has, with a different value in each. */
function keyOf(before: readonly unknown[], after: readonly unknown[]): KeyOf | undefined {
  if (![before, after].every((list) => list.every(isMap))) return undefined;
  return keys.find((key) =>
    [before, after].every((list) => {
      const values = list.map((item) => nameBy(key, item));
      return !values.includes('') && new Set(values).size === values.length;
    }),
  );
}

/** Empty when the element has no such key. */
function nameBy(key: KeyOf, item: unknown): string {
  const value = isMap(item) ? key(item) : undefined;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Keys with a dot or a slash are quoted: `data["shop.json"]`. */
function member(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}["${key}"]`;
  return path === '' || path.endsWith(' ') ? `${path}${key}` : `${path}.${key}`;
}
