import { ApiError } from '../client/errors.ts';
import { groupOf } from '../client/kinds.ts';
import { read } from '../client/objects.ts';
import type { Cluster, LiveObject, ObjectReference } from '../client/types.ts';
import { isKept, stageOf } from '../kinds.ts';
import { inParallel, requestsAtOnce } from '../parallel.ts';
import type { Prune } from '../plan/types.ts';
import { partOf } from './applyset.ts';
import { parseId } from './id.ts';
import type { Entry, Inventory } from './types.ts';

/** What was applied once and is not wanted any more, as far as it is still there; in the order in which it is deleted. */
export async function planPrunes(
  cluster: Cluster,
  inventory: Inventory,
  wanted: ReadonlySet<string>,
): Promise<readonly Prune[]> {
  const gone = inventory.entries.filter(({ id }) => !wanted.has(id));
  const found = await inParallel(gone, requestsAtOnce, (entry) => planPrune(cluster, entry, inventory.id));
  return found.flat().toSorted((one, other) => stageOf(other.reference) - stageOf(one.reference));
}

async function planPrune(cluster: Cluster, entry: Entry, set: string): Promise<readonly Prune[]> {
  const reference = parseId(entry.id, entry.version);
  try {
    const live = await read(cluster, reference);
    if (live === undefined) return [];
    const reason = whyKept(reference, live, entry, set);
    return [{ reference, action: reason === '' ? 'delete' : 'keep', reason }];
  } catch (error) {
    if (error instanceof ApiError) return [{ reference, action: 'keep', reason: error.message }];
    throw error;
  }
}

/** Why an object that was applied once is not deleted; empty when it may go. */
export function whyKept(reference: ObjectReference, { metadata }: LiveObject, { uid }: Entry, set: string): string {
  const { labels = {}, annotations = {}, ownerReferences = [] } = metadata;
  if (isKept(reference)) return `it may hold data; to remove it: ${removal(reference)}`;
  if (labels[partOf] !== set) return 'it no longer carries the label of this stack: somebody else has taken it';
  if (uid !== '' && uid !== metadata.uid) return 'it is another object of the same name, which somebody else made';
  const [owner] = ownerReferences;
  if (owner !== undefined) return `it belongs to ${owner.kind} ${owner.name}`;
  const mark = keepMarks.find(([key, value]) => annotations[key]?.split(',').includes(value));
  return mark === undefined ? '' : `its annotation ${mark[0]} says so`;
}

/** Annotations by which people keep an object from being deleted. Sources: Helm, cli-utils and Argo CD documentation. */
const keepMarks: readonly (readonly [string, string])[] = [
  ['helm.sh/resource-policy', 'keep'],
  ['client.lifecycle.config.k8s.io/deletion', 'detach'],
  ['argocd.argoproj.io/sync-options', 'Prune=false'],
];

/** The command with which a person removes an object. */
export function removal({ apiVersion, kind, namespace, name }: ObjectReference): string {
  const group = groupOf(apiVersion);
  const type = `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}`;
  return `kubectl delete ${type} ${name}${namespace === undefined ? '' : ` --namespace ${namespace}`}`;
}
