import type { KubernetesObject } from '../../../k8s/types.ts';
import { isMap } from './json.ts';
import type { Difference } from './types.ts';

/** Of a Secret only labels are shown; of everything else that something was added, changed or removed, and where. */
export function hideValues(object: KubernetesObject, found: readonly Difference[]): readonly Difference[] {
  if (object.kind !== 'Secret' || object.apiVersion !== 'v1') return found;
  return found.flatMap(byKey).map((difference) => (isShown(difference.path) ? difference : hidden(difference)));
}

function isShown(path: string): boolean {
  return path.startsWith('metadata.labels') || path === 'type';
}

/** `data` as a whole becomes one difference per key. */
function byKey(difference: Difference): readonly Difference[] {
  const { path, before, after, by } = difference;
  const one = isMap(before) ? before : {};
  const other = isMap(after) ? after : {};
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  if (keys.length === 0) return [difference];
  return keys.map((key) => ({ path: `${path}.${key}`, before: one[key], after: other[key], by }));
}

function hidden({ path, before, after, by }: Difference): Difference {
  const hide = (value: unknown) => (value === undefined ? undefined : '(not shown)');
  return { path, before: hide(before), after: hide(after), by };
}
