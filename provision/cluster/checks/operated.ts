import type { KubernetesObject, Manifests } from '../../../k8s/types.ts';
import type { OperatedObject } from '../../checks/operated.ts';
import { groupOf } from '../client/kinds.ts';
import { list, read, referenceOf } from '../client/objects.ts';
import type { Cluster, LiveObject } from '../client/types.ts';
import { judgedFor, programName } from '../operators/reading.ts';

/** Groups whose objects operators read. */
const groups: readonly string[] = ['monitoring.coreos.com', 'grafana.integreatly.org'];

/** The objects of a stack that operators read, and what the cluster says against each. */
export async function operatedObjects(cluster: Cluster, { objects }: Manifests): Promise<readonly OperatedObject[]> {
  const operated = objects.filter(({ apiVersion }) => groups.includes(groupOf(apiVersion)));
  const rejections = await rejectedIn(cluster, new Set(operated.map(({ metadata }) => metadata.namespace ?? '')));
  return Promise.all(
    operated.map(async (object) => {
      const { name, namespace = '' } = object.metadata;
      const live = await read(cluster, referenceOf(object));
      const fault = faultOf(live, object);
      const obstacle = live === undefined ? undefined : await obstacleOf(cluster, live, object, rejections);
      return { kind: object.kind, name, namespace, fault, obstacle };
    }),
  );
}

function faultOf(live: LiveObject | undefined, built: KubernetesObject): string | undefined {
  if (live === undefined) return 'it is not in the cluster: lookout apply';
  return contains(live['spec'], built['spec']) ? undefined : 'it is another than was built: lookout plan shows how';
}

async function obstacleOf(cluster: Cluster, live: LiveObject, object: KubernetesObject, rejections: Rejections) {
  const status = (live['status'] ?? {}) as Status;
  if (status.NoMatchingInstances === true)
    return 'no Grafana has the labels that it asks for: write them in operator.grafana';
  return refused(status) ?? rejections.get(live.metadata.uid) ?? (await notSelected(cluster, object));
}

/** Source: API references of grafana-operator and, with its feature gate StatusForConfigurationResources, prometheus-operator. */
interface Status {
  readonly NoMatchingInstances?: boolean;
  readonly bindings?: readonly {
    readonly name: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  }[];
}

function refused({ bindings = [] }: Status): string | undefined {
  const conditions = bindings.flatMap(({ conditions: all = [] }) => all);
  const against = conditions.find(({ type, status }) => type === 'Accepted' && status === 'False');
  return against === undefined ? undefined : `rejected: ${against.message ?? 'without a reason'}`;
}

/** Messages by uid of the object. */
type Rejections = ReadonlyMap<string, string>;

/** Source: Kubernetes API reference, Event v1 core; prometheus-operator writes one with this reason. */
interface Event extends LiveObject {
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string;
  readonly involvedObject?: { readonly uid?: string };
}

/** What prometheus-operator said last of each object that it rejected. */
async function rejectedIn(cluster: Cluster, namespaces: ReadonlySet<string>): Promise<Rejections> {
  const fields = 'reason=InvalidConfiguration';
  const found = await Promise.all(
    [...namespaces].map((namespace) => list(cluster, { apiVersion: 'v1', kind: 'Event' }, { namespace, fields })),
  );
  const events = (found.flat() as readonly Event[]).toSorted((one, other) =>
    (one.lastTimestamp ?? '') < (other.lastTimestamp ?? '') ? -1 : 1,
  );
  return new Map(events.map(({ involvedObject, message = '' }) => [involvedObject?.uid ?? '', message]));
}

async function notSelected(cluster: Cluster, object: KubernetesObject): Promise<string | undefined> {
  const judged = (await judgedFor(cluster, object)) ?? [];
  if (judged.some(({ verdict }) => verdict.reads)) return undefined;
  const reasons = judged.map(({ program, verdict }) =>
    verdict.reads ? '' : `${programName(program)} ${verdict.reason}`,
  );
  return reasons.length === 0 ? undefined : `nobody reads it: ${reasons.join('; ')}`;
}

/** Whether the cluster has all that was built; it adds defaults. */
function contains(live: unknown, built: unknown): boolean {
  if (typeof built !== 'object' || built === null) return live === built;
  if (Array.isArray(built))
    return Array.isArray(live) && live.length === built.length && built.every((each, at) => contains(live[at], each));
  if (typeof live !== 'object' || live === null) return false;
  const has = new Map(Object.entries(live));
  return Object.entries(built).every(([key, value]) => contains(has.get(key), value));
}
