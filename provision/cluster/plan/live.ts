import { ApiError } from '../client/errors.ts';
import { list, read } from '../client/objects.ts';
import type { Cluster, LiveObject, ObjectReference } from '../client/types.ts';
import { objectId } from '../inventory/id.ts';
import { inParallel, requestsAtOnce } from '../parallel.ts';

/** What of some objects is there, by id; an id whose object could not be read has the reason. */
export type Live = ReadonlyMap<string, LiveObject | ApiError | undefined>;

/** From so many of one kind and namespace on, one LIST replaces their GETs. */
const worthList = 3;

/** Secrets are never listed: only those by our names are read. */
export async function readLive(cluster: Cluster, references: readonly ObjectReference[]): Promise<Live> {
  const groups = Map.groupBy(references, ({ apiVersion, kind, namespace = '' }) =>
    [apiVersion, kind, namespace].join(' '),
  );
  const found = await inParallel([...groups.values()], requestsAtOnce, (group) => readGroup(cluster, group));
  return new Map(found.flat());
}

type Entry = readonly [string, LiveObject | ApiError | undefined];

async function readGroup(cluster: Cluster, group: readonly ObjectReference[]): Promise<readonly Entry[]> {
  const [first] = group;
  const listed = first?.namespace !== undefined && first.kind !== 'Secret' && group.length >= worthList;
  if (first === undefined || !listed)
    return inParallel(group, requestsAtOnce, async (one) => [objectId(one), await orReason(() => read(cluster, one))]);
  const all = await orReason(() => list(cluster, first, { namespace: first.namespace }));
  if (all instanceof ApiError) return group.map((one) => [objectId(one), all]);
  const byName = new Map(all.map((object) => [object.metadata.name, object]));
  return group.map((one) => [objectId(one), byName.get(one.name)]);
}

async function orReason<Result>(work: () => Promise<Result>): Promise<Result | ApiError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}
