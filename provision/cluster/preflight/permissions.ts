import { groupOf } from '../client/kinds.ts';
import { create } from '../client/objects.ts';
import type { Cluster, Kind } from '../client/types.ts';
import { inParallel, requestsAtOnce } from '../parallel.ts';
import type { PreflightCheck, PreflightContext } from './context.ts';

interface Right {
  /** Plural, with its subresource after a slash. */
  readonly resource: string;
  readonly group: string;
  /** null: in the whole cluster. */
  readonly namespace: string | null;
  readonly verb: string;
}

export const permissions: PreflightCheck = {
  name: 'permissions',
  title: 'every right that plan, apply and verify use is there',
  run: async (context) => {
    const rights = await neededRights(context);
    const answers = await inParallel(rights, requestsAtOnce, (right) => isAllowed(context.cluster, right));
    const denied = rights.filter((_, index) => answers[index] === false);
    if (denied.length === 0)
      return [{ ok: true, subject: 'rights', evidence: `all ${rights.length} that were asked about are given` }];
    const grouped = Map.groupBy(denied, (right) => `${nameOf(right)} ${placeOf(right)}`);
    return [...grouped].map(([subject, missing]) => ({
      ok: false,
      subject,
      evidence: `RBAC does not give ${missing.map(({ verb }) => verb).join(', ')}`,
    }));
  },
};

const writing = ['get', 'list', 'create', 'patch', 'delete'] as const;

/** What the objects need, then what apply and verify need besides: the lease, events and logs of pods, port-forward. */
async function neededRights({ cluster, manifests, stack }: PreflightContext): Promise<readonly Right[]> {
  const secrets = manifests.secrets.map(({ namespace }) => ({ apiVersion: 'v1', kind: 'Secret', namespace }));
  const objects = manifests.objects.map(({ apiVersion, kind, metadata }) => ({
    apiVersion,
    kind,
    namespace: metadata.namespace,
  }));
  const kinds = [...objects, ...secrets];
  const distinct = [...new Map(kinds.map((kind) => [JSON.stringify(kind), kind])).values()];
  const own = stack.cluster.namespace;
  const besides = [
    ...['get', 'create', 'update'].map((verb) => right('leases', 'coordination.k8s.io', own, verb)),
    ...['get', 'list'].map((verb) => right('pods', '', own, verb)),
    right('events', '', own, 'list'),
    right('pods/log', '', own, 'get'),
    right('pods/portforward', '', own, 'create'),
  ];
  return [...(await Promise.all(distinct.map((kind) => ofKind(cluster, kind)))).flat(), ...besides];
}

async function ofKind(
  cluster: Cluster,
  kind: Kind & { readonly namespace: string | undefined },
): Promise<readonly Right[]> {
  const resource = await cluster.resource(kind);
  if (resource === undefined) return [];
  return writing.map((verb) => right(resource.plural, groupOf(kind.apiVersion), kind.namespace ?? null, verb));
}

function right(resource: string, group: string, namespace: string | null, verb: string): Right {
  return { resource, group, namespace, verb };
}

/** Source: Kubernetes API reference, authorization.k8s.io/v1 SelfSubjectAccessReview. */
async function isAllowed(cluster: Cluster, { resource, group, namespace, verb }: Right): Promise<boolean> {
  const [plural = '', subresource] = resource.split('/');
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: { name: '' },
    spec: {
      resourceAttributes: {
        group,
        resource: plural,
        verb,
        ...(subresource === undefined ? {} : { subresource }),
        ...(namespace === null ? {} : { namespace }),
      },
    },
  };
  const { status } = await create<{ readonly status: { readonly allowed: boolean } }>(cluster, review);
  return status.allowed;
}

function nameOf({ resource, group }: Right): string {
  const [plural = '', ...sub] = resource.split('/');
  return [group === '' ? plural : `${plural}.${group}`, ...sub].join('/');
}

function placeOf({ namespace }: Right): string {
  return namespace === null ? 'in the cluster' : `in ${namespace}`;
}
