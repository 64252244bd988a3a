import { isApiError } from '../client/errors.ts';
import { list } from '../client/objects.ts';
import type { PreflightCheck } from './context.ts';

/** Programs that enforce NetworkPolicies, by the names of their DaemonSets. k3s and OpenShift bring one of their own. */
const engines = /calico|cilium|canal|antrea|kube-router|weave|ovn|openshift-sdn|romana/;

export const network: PreflightCheck = {
  name: 'network-policies',
  title: 'it is known whether NetworkPolicies are enforced',
  run: async ({ stack, cluster }) => {
    const { distribution } = stack.cluster;
    const subject = 'NetworkPolicies';
    if (distribution !== 'kubernetes')
      return [{ ok: true, subject, evidence: `enforced by ${distribution} unless it was told not to` }];
    const found = await list(cluster, { apiVersion: 'apps/v1', kind: 'DaemonSet' }).catch((error: unknown) => {
      if (isApiError(error, 403)) return null;
      throw error;
    });
    const engine = found?.find(({ metadata }) => engines.test(metadata.name));
    if (engine !== undefined) return [{ ok: true, subject, evidence: `enforced by ${engine.metadata.name}` }];
    const why = found === null ? 'these rights do not show it' : 'no program that enforces them was found';
    return [{ ok: true, remark: true, subject, evidence: `perhaps without effect: ${why}` }];
  },
};
