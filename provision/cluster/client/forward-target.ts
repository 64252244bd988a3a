import { UserError } from '../../../common/problems.ts';
import { list, read } from './objects.ts';
import type { Cluster, ForwardTarget, LiveObject } from './types.ts';

/** The pod and the port number that a Service's or pod's port leads to now. */
export async function findPort(
  cluster: Cluster,
  namespace: string,
  target: ForwardTarget,
  port: number | string,
): Promise<{ readonly pod: string; readonly port: number }> {
  const { pod, wanted } =
    target.kind === 'pod'
      ? { pod: await podNamed(cluster, namespace, target.name), wanted: port }
      : await behindService(cluster, namespace, target.name, port);
  return { pod: pod.metadata.name, port: typeof wanted === 'number' ? wanted : numberOf(pod, wanted) };
}

async function podNamed(cluster: Cluster, namespace: string, name: string): Promise<LiveObject> {
  const pod = await read(cluster, { apiVersion: 'v1', kind: 'Pod', namespace, name });
  if (pod === undefined) throw new UserError(`there is no pod ${namespace}/${name}`);
  return pod;
}

async function behindService(cluster: Cluster, namespace: string, name: string, port: number | string) {
  const service = await read(cluster, { apiVersion: 'v1', kind: 'Service', namespace, name });
  if (service === undefined) throw new UserError(`there is no Service ${namespace}/${name}`);
  const { selector, ports = [] } = service['spec'] as ServiceSpec;
  const found = ports.find((one) => one.port === port || one.name === port);
  if (found === undefined)
    throw new UserError(
      `Service ${namespace}/${name} has no port ${port}: it has ${ports.map((one) => one.name ?? one.port).join(', ')}`,
    );
  if (selector === undefined) throw new UserError(`Service ${namespace}/${name} selects no pods`);
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  const pods = await list(cluster, { apiVersion: 'v1', kind: 'Pod' }, { namespace, labels: labels.join(',') });
  const pod = pods.find(isReady);
  if (pod === undefined) throw new UserError(`Service ${namespace}/${name} has no ready pod (${pods.length} selected)`);
  return { pod, wanted: found.targetPort ?? found.port };
}

interface ServiceSpec {
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly name?: string; readonly port: number; readonly targetPort?: number | string }[];
}

function isReady({ metadata, ...pod }: LiveObject): boolean {
  const { conditions = [] } = (pod['status'] ?? {}) as { conditions?: readonly { type: string; status: string }[] };
  const ready = conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return ready && metadata.deletionTimestamp === undefined;
}

function numberOf(pod: LiveObject, name: string): number {
  const { containers } = pod['spec'] as { containers: readonly { ports?: readonly ContainerPort[] }[] };
  const port = containers.flatMap(({ ports = [] }) => ports).find((one) => one.name === name);
  if (port === undefined) throw new UserError(`pod ${pod.metadata.name} has no port named ${name}`);
  return port.containerPort;
}

interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
}
