import type { KubernetesObject } from '../../../k8s/types.ts';
import { isApiError } from '../client/errors.ts';
import { describeObject, read, referenceOf } from '../client/objects.ts';
import type { PreflightCheck } from './context.ts';
import { podSpec } from './pods.ts';

const enforced = 'pod-security.kubernetes.io/enforce';

/** Of the rest the API server itself warns in the dry run of a plan. */
export const namespaces: PreflightCheck = {
  name: 'namespaces',
  title: 'each namespace exists, and admits the pods that are meant for it',
  run: async ({ cluster, manifests }) => {
    const own = manifests.objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name);
    const used = Map.groupBy(manifests.objects, ({ metadata }) => metadata.namespace);
    const names = [...used.keys()].filter((name) => name !== undefined).filter((name) => !own.includes(name));
    return (
      await Promise.all(
        names.map(async (name) => {
          try {
            const found = await read(cluster, { apiVersion: 'v1', kind: 'Namespace', name });
            const labels = found?.metadata.labels ?? {};
            return found === undefined ? [missing(name)] : admission(name, labels[enforced], used.get(name) ?? []);
          } catch (error) {
            if (!isApiError(error, 403)) throw error;
            return [
              { ok: true, remark: true, subject: `namespace ${name}`, evidence: 'may not be read with these rights' },
            ];
          }
        }),
      )
    ).flat();
  },
};

function missing(name: string) {
  return { ok: false, subject: `namespace ${name}`, evidence: `does not exist: kubectl create namespace ${name}` };
}

/** Source: Kubernetes, "Pod Security Standards": hostPath volumes need `privileged`. */
function admission(name: string, level: string | undefined, objects: readonly KubernetesObject[]) {
  const refused =
    level === 'baseline' || level === 'restricted'
      ? objects.filter((object) => podSpec(object)?.volumes?.some(({ hostPath }) => hostPath !== undefined) === true)
      : [];
  const subject = `namespace ${name}`;
  if (refused.length === 0)
    return [{ ok: true, subject, evidence: `exists; Pod Security ${level === undefined ? 'is not enforced' : level}` }];
  return refused.map((object) => ({
    ok: false,
    subject,
    evidence: `enforces Pod Security ${level}, which admits no hostPath, and ${describeObject(referenceOf(object))} reads directories of the node: label the namespace ${enforced}=privileged, or declare claims instead of paths of the node`,
  }));
}
