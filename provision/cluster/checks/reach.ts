import { UserError } from '../../../common/problems.ts';
import { podAddresses, type Stack } from '../../../stack/types.ts';
import { list, read } from '../client/objects.ts';
import type { Cluster, ForwardTarget, LiveObject, PortForwarding } from '../client/types.ts';

/** The ways to the Services of a stack, opened when they are first needed. */
export interface Reach {
  /** Base URL on loopback that leads to `host:port`, an address as the stack names it: of a Service, or of one of several pods. */
  readonly base: (address: string) => Promise<string>;
  /** The same for each pod behind it, one way each. */
  readonly pods: (address: string) => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

/**
 * Port-forwards through the API server: its service proxy strips the Authorization header.
 * An address is `<Service>:<port>`, or `<Service>.<namespace>...:<port>`, or one of `podAddresses`.
 */
export function openReach(cluster: Cluster, stack: Stack): Reach {
  const ways = new Map<string, Promise<PortForwarding>>();
  const open = async (namespace: string, target: ForwardTarget, port: number | string): Promise<string> => {
    const key = `${target.kind} ${namespace}/${target.name} ${port}`;
    const way = ways.get(key) ?? cluster.portForward(namespace, target, port);
    ways.set(key, way);
    // One that could not be opened is tried again when it is needed again.
    way.catch(() => ways.delete(key));
    const { host, port: local } = await way;
    return `http://${host}:${local}`;
  };
  return {
    base: (address) => {
      const { kind, name, namespace, port } = locate(address, stack);
      return open(namespace, { kind, name }, port);
    },
    pods: async (address) => {
      const service = locate(address, stack);
      const { names, port } = await podsBehind(cluster, service);
      return Promise.all(names.map((name) => open(service.namespace, { kind: 'pod', name }, port)));
    },
    close: async () => {
      const opened = await Promise.allSettled(ways.values());
      await Promise.all(opened.map((way) => (way.status === 'fulfilled' ? way.value.close() : undefined)));
    },
  };
}

interface Located {
  readonly kind: ForwardTarget['kind'];
  readonly name: string;
  readonly namespace: string;
  readonly port: number;
}

/** The pods of a Service that are not going away, and the port by which they are asked. */
async function podsBehind(cluster: Cluster, { name, namespace, port }: Omit<Located, 'kind'>) {
  const service = await read(cluster, { apiVersion: 'v1', kind: 'Service', name, namespace });
  const { selector = {}, ports = [] } = (service?.['spec'] ?? {}) as ServiceSpec;
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`);
  if (labels.length === 0) throw new UserError(`there is no Service ${namespace}/${name} that selects pods`);
  const pods = await list(cluster, { apiVersion: 'v1', kind: 'Pod' }, { namespace, labels: labels.join(',') });
  const names = pods.filter(isStaying).map(({ metadata }) => metadata.name);
  return { names, port: ports.find((each) => each.port === port)?.targetPort ?? port };
}

interface ServiceSpec {
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly port: number; readonly targetPort?: number | string }[];
}

function isStaying({ metadata, ...pod }: LiveObject): boolean {
  const { phase } = (pod['status'] ?? {}) as { phase?: string };
  return metadata.deletionTimestamp === undefined && phase === 'Running';
}

function locate(address: string, { prometheus, alertmanager, cluster }: Stack): Located {
  const end = address.lastIndexOf(':');
  const ours = cluster?.namespace ?? '';
  const [name = '', namespace = ours] = address.slice(0, end).split('.');
  const port = Number(address.slice(end + 1));
  const isPod = [prometheus, alertmanager].some((each) => each.replicas > 1 && podAddresses(each).includes(address));
  return isPod ? { kind: 'pod', name, namespace: ours, port } : { kind: 'service', name, namespace, port };
}
