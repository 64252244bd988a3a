import { UserError } from '../../../common/problems.ts';
import { isApiError } from '../../cluster/client/errors.ts';
import { list, read } from '../../cluster/client/objects.ts';
import type { Cluster, LiveObject } from '../../cluster/client/types.ts';
import type { Certificate, Claim, CronJob, Facts, Ingress, Monitoring, Service, Workload } from './facts.ts';

/**
 * Reads one namespace, and what runs elsewhere; no Secret is read. What the rights do not reach is named in `unread`.
 * @throws UserError when the namespace does not exist; ApiError.
 */
export async function readFacts(cluster: Cluster, namespace: string): Promise<Facts> {
  const unread: string[] = [];
  await refuseMissing(cluster, namespace);
  const [here, everywhere] = [lister(cluster, namespace, unread), lister(cluster, undefined, unread)];
  return {
    context: cluster.context,
    namespace,
    version: await gitVersion(cluster),
    groups: await groupNames(cluster),
    services: (await here('v1', 'Service')) as readonly Service[],
    workloads: await workloads(here),
    cronJobs: (await here('batch/v1', 'CronJob')) as readonly CronJob[],
    claims: (await here('v1', 'PersistentVolumeClaim')) as readonly Claim[],
    ingresses: (await here('networking.k8s.io/v1', 'Ingress')) as readonly Ingress[],
    certificates: (await here('cert-manager.io/v1', 'Certificate')) as readonly Certificate[],
    elsewhere: (await workloads(everywhere)).filter(({ metadata }) => metadata.namespace !== namespace),
    servicesElsewhere: (await everywhere('v1', 'Service')) as readonly Service[],
    unread,
  };
}

/** What runs in a namespace and elsewhere, as far as the rights reach: enough to know which monitoring there is. */
export async function readMonitoring(cluster: Cluster, namespace: string): Promise<Monitoring> {
  const here = lister(cluster, namespace, []);
  const everywhere = lister(cluster, undefined, []);
  return {
    workloads: await workloads(here),
    services: (await here('v1', 'Service')) as readonly Service[],
    elsewhere: (await workloads(everywhere)).filter(({ metadata }) => metadata.namespace !== namespace),
    servicesElsewhere: (await everywhere('v1', 'Service')) as readonly Service[],
  };
}

/** A right to get namespaces is not needed: only a clear "no such namespace" refuses. */
async function refuseMissing(cluster: Cluster, namespace: string): Promise<void> {
  try {
    const found = await read(cluster, { apiVersion: 'v1', kind: 'Namespace', name: namespace });
    if (found === undefined)
      throw new UserError(`there is no namespace ${namespace} in the cluster ${cluster.context}`);
  } catch (error) {
    if (!isApiError(error, 403)) throw error;
  }
}

type Lister = (apiVersion: string, kind: string) => Promise<readonly LiveObject[]>;

/** Lists of a namespace, or of all; one that may not be read is empty and named in `unread`. */
function lister(cluster: Cluster, namespace: string | undefined, unread: string[]): Lister {
  return async (apiVersion, kind) => {
    try {
      return await list(cluster, { apiVersion, kind }, { namespace });
    } catch (error) {
      if (!isApiError(error, 403)) throw error;
      unread.push(error.message);
      return [];
    }
  };
}

async function workloads(of: Lister): Promise<readonly Workload[]> {
  const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'];
  const lists = await Promise.all(kinds.map((kind) => of('apps/v1', kind)));
  return lists.flat() as readonly Workload[];
}

async function gitVersion(cluster: Cluster): Promise<string> {
  const { gitVersion: version = '' } = (await get(cluster, '/version')) as { gitVersion?: string };
  return version;
}

async function groupNames(cluster: Cluster): Promise<readonly string[]> {
  const { groups = [] } = (await get(cluster, '/apis')) as { groups?: readonly { readonly name: string }[] };
  return groups.map(({ name }) => name);
}

async function get(cluster: Cluster, path: string): Promise<unknown> {
  return (await cluster.send({ method: 'GET', path, subject: { verb: 'get', resource: path, secret: false } })).body;
}
