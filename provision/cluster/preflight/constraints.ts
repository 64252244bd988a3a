import type { Finding } from '../../checks/check.ts';
import { isApiError } from '../client/errors.ts';
import { create, describeObject, list, referenceOf } from '../client/objects.ts';
import type { Cluster, LiveObject } from '../client/types.ts';
import type { PreflightCheck } from './context.ts';
import { podSpec } from './pods.ts';

const group = 'security.openshift.io';
const kind = { apiVersion: `${group}/v1`, kind: 'SecurityContextConstraints' };

/** On OpenShift a pod with directories of the node runs only where its account may use constraints that allow them. */
export const constraints: PreflightCheck = {
  name: 'security-context-constraints',
  title: 'OpenShift admits the pods that read directories of the node',
  impossible: ({ cluster, exporter }) => {
    if (cluster?.distribution !== 'openshift') return 'only OpenShift has SecurityContextConstraints';
    const readsNode = exporter.node?.mounts.some((mount) => mount.kind === 'host') === true;
    const isNeeded = readsNode || cluster.components.nodeExporter.kind === 'install';
    return isNeeded ? undefined : 'no pod reads directories of the node';
  },
  run: async ({ cluster, manifests }) => {
    const pods = manifests.objects.filter((object) =>
      podSpec(object)?.volumes?.some(({ hostPath }) => hostPath !== undefined),
    );
    return Promise.all(
      pods.map(async (object) => {
        const { namespace = '' } = object.metadata;
        const account = podSpec(object)?.serviceAccountName ?? 'default';
        const subject = describeObject(referenceOf(object));
        return { subject, ...(await judge(cluster, namespace, account)) };
      }),
    );
  },
};

type Verdict = Omit<Finding, 'subject'>;

async function judge(cluster: Cluster, namespace: string, account: string): Promise<Verdict> {
  const who = `system:serviceaccount:${namespace}:${account}`;
  try {
    const all = (await list(cluster, kind)) as readonly Constraints[];
    const allowing = all.filter(({ allowHostDirVolumePlugin }) => allowHostDirVolumePlugin === true);
    const answers = await Promise.all(allowing.map(({ metadata }) => mayUse(cluster, who, namespace, metadata.name)));
    const usable = allowing.filter((_, index) => answers[index]).map(({ metadata }) => metadata.name);
    if (usable.length > 0) return { ok: true, evidence: `${account} may use ${usable.join(', ')}` };
    const give = `oc adm policy add-scc-to-user <one of them> -z ${account} -n ${namespace}`;
    const known = allowing.map(({ metadata }) => metadata.name).join(', ') || 'there is none';
    const evidence = `the account ${account} may use no constraints that allow directories of the node (${known}): ${give}, or declare claims instead of paths of the node`;
    return { ok: false, evidence };
  } catch (error) {
    if (!isApiError(error, 403)) throw error;
    return {
      ok: true,
      remark: true,
      evidence: `whether ${account} may use constraints that allow directories of the node is not known: ${error.message}`,
    };
  }
}

/** Source: OpenShift, "Managing security context constraints": `allowHostDirVolumePlugin`. */
interface Constraints extends LiveObject {
  readonly allowHostDirVolumePlugin?: boolean;
}

/** Source: Kubernetes API reference, authorization.k8s.io/v1 LocalSubjectAccessReview. */
async function mayUse(cluster: Cluster, user: string, namespace: string, name: string): Promise<boolean> {
  const review = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'LocalSubjectAccessReview',
    metadata: { name: '', namespace },
    spec: {
      user,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      resourceAttributes: { group, resource: 'securitycontextconstraints', verb: 'use', namespace, name },
    },
  };
  const { status } = await create<{ readonly status: { readonly allowed: boolean } }>(cluster, review);
  return status.allowed;
}
