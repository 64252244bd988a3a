import { UserError } from '../../../common/problems.ts';
import type { KubernetesObject } from '../../../k8s/types.ts';
import { isApiError } from '../client/errors.ts';
import { create, read, replace } from '../client/objects.ts';
import type { Cluster, LiveObject } from '../client/types.ts';
import { equal } from '../plan/json.ts';
import { applySetId, parentAnnotations, parentLabels } from './applyset.ts';
import type { Entry, Inventory, InventoryPlace } from './types.ts';

/** Format of the stored list; a Lookout that does not know it leaves everything alone. */
const format = 1;

/**
 * The stored inventory; an empty one when there is none yet.
 * @throws UserError when a newer Lookout, or another tool, wrote it.
 */
export async function readInventory(cluster: Cluster, place: InventoryPlace): Promise<Inventory> {
  const id = applySetId(place);
  const stored = await read(cluster, parent(place));
  if (stored === undefined) return { id, entries: [], resourceVersion: undefined };
  return { id, entries: readEntries(stored, place), resourceVersion: stored.metadata.resourceVersion };
}

/**
 * Stores a list, unless it is stored already; gives what is stored then.
 * @throws UserError when somebody else wrote it in between.
 */
export async function writeInventory(
  cluster: Cluster,
  place: InventoryPlace,
  { id, entries: before, resourceVersion }: Inventory,
  entries: readonly Entry[],
  members: readonly KubernetesObject[],
): Promise<Inventory> {
  if (resourceVersion !== undefined && equal(before, entries)) return { id, entries, resourceVersion };
  const object = parentObject(place, id, entries, members, resourceVersion);
  const stored = await store(cluster, object, place);
  return { id, entries, resourceVersion: stored.metadata.resourceVersion };
}

/** After a lost connection the write may have arrived: then the repeated one meets itself. */
async function store(cluster: Cluster, object: KubernetesObject, place: InventoryPlace): Promise<LiveObject> {
  try {
    const { resourceVersion } = object.metadata as { readonly resourceVersion?: string };
    return await (resourceVersion === undefined ? create(cluster, object) : replace(cluster, object));
  } catch (error) {
    if (!isApiError(error, 409)) throw error;
    const stored = await read(cluster, parent(place));
    if (stored !== undefined && equal(stored['data'], object['data'])) return stored;
    throw new UserError(
      `another apply changed the inventory ${place.namespace}/${place.name} in between: nothing more is written, apply again`,
      { cause: error },
    );
  }
}

export function parent({ namespace, name }: Pick<InventoryPlace, 'namespace' | 'name'>) {
  return { apiVersion: 'v1', kind: 'ConfigMap', namespace, name };
}

function parentObject(
  place: InventoryPlace,
  id: string,
  entries: readonly Entry[],
  members: readonly KubernetesObject[],
  resourceVersion: string | undefined,
): KubernetesObject {
  const { namespace, name } = place;
  const metadata = {
    name,
    namespace,
    labels: parentLabels(id),
    annotations: parentAnnotations(place, members),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
  const data = { format: String(format), objects: JSON.stringify(entries) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data };
}

function readEntries({ metadata, ...object }: LiveObject, { namespace, name }: InventoryPlace): readonly Entry[] {
  const data = (object['data'] ?? {}) as Readonly<Record<string, string>>;
  const tooling = metadata.annotations?.['applyset.kubernetes.io/tooling'] ?? 'somebody';
  if (!tooling.startsWith('lookout/'))
    throw new UserError(
      `ConfigMap ${namespace}/${name} is not an inventory of Lookout but of ${tooling}: it is left alone`,
    );
  if (Number(data['format']) > format)
    throw new UserError(
      `the inventory ${namespace}/${name} was written by ${tooling}, which is newer: use that version`,
    );
  try {
    return JSON.parse(data['objects'] ?? '') as readonly Entry[];
  } catch (cause) {
    throw new UserError(
      `the inventory ${namespace}/${name} cannot be read; what it listed is labelled ${JSON.stringify(metadata.labels)}`,
      { cause },
    );
  }
}
