import type { KubernetesObject } from '../../../k8s/types.ts';
import { fieldManager, locate, read, referenceOf } from '../client/objects.ts';
import type { Cluster, LiveObject, ManagedFields } from '../client/types.ts';
import { idOf } from '../inventory/id.ts';
import type { Inventory } from '../inventory/types.ts';
import { lastApplied } from './strip.ts';

/** The manager to whom the API server gives what nobody has applied yet, and `lookout release` what it lets go of. */
export const nobody = 'before-first-apply';

/**
 * Managers under which kubectl writes whole manifests without server-side apply. Source: Kubernetes documentation, "Server-Side
 * Apply", on upgrading from client-side apply. What a person patched or edited is a decision of theirs, and none of these.
 */
const former: readonly string[] = ['kubectl-client-side-apply', 'kubectl-create', nobody];

/** Taken away by `lookout release`, other than the other labels. */
const managedBy = 'app.kubernetes.io/managed-by';

/** By which managers an object was written as a whole before Lookout, in the version that is applied now. */
export function formerOwners(live: LiveObject | undefined, { apiVersion }: KubernetesObject): readonly ManagedFields[] {
  return (live?.metadata.managedFields ?? []).filter(
    (entry) =>
      former.includes(entry.manager ?? '') &&
      entry.operation === 'Update' &&
      (entry.subresource ?? '') === '' &&
      entry.apiVersion === apiVersion,
  );
}

/** Whether an object is of this stack: listed in its inventory, or bearing its labels and no mark of somebody else. */
export function isOfStack(
  live: LiveObject,
  object: KubernetesObject,
  { entries }: Pick<Inventory, 'entries'>,
): boolean {
  const { uid, labels: present = {} } = live.metadata;
  if (entries.some((entry) => entry.id === idOf(object) && (entry.uid === '' || entry.uid === uid))) return true;
  const labels = Object.entries(object.metadata.labels ?? {}).filter(([key]) => key.startsWith('app.kubernetes.io/'));
  return (
    labels.some(([key, value]) => key === managedBy && value === fieldManager) &&
    labels.every(([key, value]) => present[key] === value || (key === managedBy && present[key] === undefined))
  );
}

/** Fields that go once they are Lookout's alone: the stack does not have them, and nobody else owns them. */
export function droppedFields(live: LiveObject, dry: LiveObject, object: KubernetesObject): readonly string[] {
  const owners = formerOwners(live, object);
  const others = (dry.metadata.managedFields ?? []).filter((entry) => !owners.some((one) => isSame(one, entry)));
  const stay = new Set(others.flatMap(({ fieldsV1 }) => leaves(fieldsV1)));
  const gone = owners.flatMap(({ fieldsV1 }) => leaves(fieldsV1)).filter((path) => !stay.has(path));
  return [...new Set(gone)].filter((path) => !path.endsWith(lastApplied)).toSorted();
}

/**
 * Makes Lookout the owner of what kubectl wrote, in one step and only in the version that was read, as kubectl's own upgrade
 * (k8s.io/client-go/util/csaupgrade) does it. No value changes; the next apply takes away what the stack does not have.
 */
export async function adopt(cluster: Cluster, object: KubernetesObject): Promise<void> {
  const live = await read(cluster, referenceOf(object));
  if (live === undefined || formerOwners(live, object).length === 0) return;
  const { path, subject } = await locate(cluster, referenceOf(object), 'patch');
  const body = [
    { op: 'replace', path: '/metadata/managedFields', value: adoptedFields(live, object) },
    { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
  ];
  const query = { fieldManager };
  await cluster.send({ method: 'PATCH', path, query, contentType: 'application/json-patch+json', body, subject });
}

/** The owners of an object's fields once Lookout has taken the place of the former ones. */
export function adoptedFields(live: LiveObject, object: KubernetesObject): readonly ManagedFields[] {
  const owners = formerOwners(live, object);
  const rest = (live.metadata.managedFields ?? []).filter((entry) => !owners.includes(entry));
  const ours = rest.find(({ manager, operation }) => manager === fieldManager && operation === 'Apply');
  const fields = [...owners, ...(ours === undefined ? [] : [ours])].map(({ fieldsV1 }) => fieldsV1);
  const entry = {
    ...(ours ?? owners[0]),
    manager: fieldManager,
    operation: 'Apply',
    apiVersion: object.apiVersion,
    fieldsV1: fields.reduce(union, {}),
  } as const;
  return [...rest.filter((one) => one !== ours), entry];
}

function isSame(one: ManagedFields, other: ManagedFields): boolean {
  return one.manager === other.manager && one.operation === other.operation && one.apiVersion === other.apiVersion;
}

type Fields = Readonly<Record<string, unknown>>;

function union(one: unknown, other: unknown): Fields {
  const [left, right] = [(one ?? {}) as Fields, (other ?? {}) as Fields];
  const shared = Object.entries(right).map(([key, value]) => [key, union(left[key], value)] as const);
  return { ...left, ...Object.fromEntries(shared) };
}

/**
 * The paths of the single fields in a field set, e.g. `.data.key`. Source: structured-merge-diff, fieldpath: `f:` is a field,
 * `k:` an item by its key, `v:` one by its value, `.` the field itself.
 */
function leaves(fields: unknown, path = ''): readonly string[] {
  const inner = Object.entries((fields ?? {}) as Fields).filter(([key]) => key !== '.');
  if (inner.length === 0) return [path];
  return inner.flatMap(([key, value]) =>
    leaves(value, key.startsWith('f:') ? `${path}.${key.slice(2)}` : `${path}[${key.slice(2)}]`),
  );
}
